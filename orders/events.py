"""What orders announce. The subject is the order's number."""

from oms.events import Event


class OrderEvent(Event):
    subject_kind = "order"


class OrderPlaced(OrderEvent):
    """Facts: channel, external_id, total, lines, holds (reason, until)."""

    type = "order.placed"


class OrderUpdated(OrderEvent):
    """The channel changed the order. Facts: changes (what, before, after)."""

    type = "order.updated"


class OrderHeld(OrderEvent):
    """Facts: reason, detail."""

    type = "order.held"


class HoldLifted(OrderEvent):
    """Facts: reason."""

    type = "order.hold_lifted"


class OrderReleased(OrderEvent):
    """Nothing holds it any more."""

    type = "order.released"


class OrderCancelled(OrderEvent):
    """Facts: reason."""

    type = "order.cancelled"


class OrderClosed(OrderEvent):
    """Nothing of it is left to ship."""

    type = "order.closed"


class PaymentRecorded(OrderEvent):
    """Facts: amount, currency, gateway, reference, status."""

    type = "order.payment_recorded"


class RefundRecorded(OrderEvent):
    """Facts: amount, currency, reason, external_id."""

    type = "refund.issued"


class ChannelEvent(Event):
    subject_kind = "channel"


class MessageQuarantined(ChannelEvent):
    """A channel's message could not be taken. Facts: reason, source, external_id."""

    type = "message.quarantined"


class SignatureRefused(ChannelEvent):
    """A message came with a wrong signature. Facts: topic, address."""

    type = "message.signature_refused"
