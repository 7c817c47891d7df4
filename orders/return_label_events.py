"""What is announced of labels under which goods come back."""

from oms.events import Event


class ReturnLabelEvent(Event):
    """Of a label under which goods come back. Facts of all: return (the return's number), warehouse, label."""

    subject_kind = "order"


class ReturnLabelBought(ReturnLabelEvent):
    """Facts: carrier, service, tracking_number, tracking_url, cost, currency."""

    type = "return_label.bought"


class ReturnLabelVoided(ReturnLabelEvent):
    """Facts: tracking_number, reason."""

    type = "return_label.voided"


class ReturnLabelFailed(ReturnLabelEvent):
    """No carrier takes the parcel, or the carrier will not void. Facts: reason."""

    type = "return_label.failed"


class ReturnParcelMoved(ReturnLabelEvent):
    """A carrier reported where it is. Facts: tracking_number, report (its name), status, at, place, description."""

    type = "return_parcel.moved"
