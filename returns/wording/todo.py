"""What somebody has to do now, step by step, for the page and for the mail."""

from django.utils.translation import gettext

from returns.choices import Method
from returns.models import Return


def list_todo(return_: Return) -> list[str]:
    """The steps of its way back. `return_` comes with its node."""
    number = {"number": return_.number}
    node = {"node": str(return_.node) if return_.node else ""}
    steps = {
        Method.PREPAID_LABEL: [
            gettext("Pack the goods, if you can as they came."),
            gettext("Print the label and stick it on the parcel, over the old one."),
            gettext("Hand the parcel to the carrier and keep the receipt."),
        ],
        Method.QR_DROP_OFF: [
            gettext("Pack the goods, if you can as they came."),
            gettext("Take the parcel and your phone to a drop-off point."),
            gettext("Show the code. The label is printed there."),
        ],
        Method.IN_STORE: [
            gettext("Bring the goods to %(node)s.") % node if node["node"] else gettext("Bring the goods to a store."),
            gettext("Say your return number at the till: %(number)s.") % number,
        ],
        Method.OWN_CARRIER: [
            gettext("Pack the goods, if you can as they came."),
            gettext("Write the return number on the parcel: %(number)s.") % number,
            gettext("Send it with tracking, and tell us the number on the page of your return."),
        ],
        Method.KEEP_IT: [],
    }[Method(return_.method)]
    instructions = return_.node.instructions if return_.node else ""
    return [*steps, instructions] if instructions else steps
