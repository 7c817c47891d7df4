"""What became of the label of a return: its parcel has a number, and the customer can send it."""

from datetime import datetime

from oms import events
from oms.transactions import transactional
from orders.models import Label
from returns.absences import ReturnNotFound
from returns.actions.locking import lock_return
from returns.actions.sending_back import new_token, tell_ready
from returns.models import Return, ReturnParcel


@transactional
def attach_label(*, number: str, label_id: int, by: str, at: datetime) -> ReturnParcel | None:
    """The label of the return was bought: its parcel goes under it, instead of one that it replaces. Twice is harmless.

    None: it is not wanted any more, by a return that has ended meanwhile.

    Raises:
        ReturnNotFound.
    """
    found = lock_return(number)
    label = Label.objects.select_related("account").filter(pk=label_id, rma=number).first()
    if label is None:
        raise ReturnNotFound(number)
    if label.state != Label.State.BOUGHT or found.status != Return.Status.OPEN:
        return None
    parcel = found.parcels.filter(label=label).first() or _next_parcel(found, at=at)
    if parcel.label_id == label.pk and parcel.tracking_number == label.tracking_number:
        return parcel

    parcel.label, parcel.tracking_number, parcel.tracking_url = label, label.tracking_number, label.tracking_url
    parcel.carrier = f"{label.account.name} {label.service_name}".strip()[:120] if label.account else ""
    parcel.save()
    events.publish([tell_ready(found, parcel, by=by, at=at)])
    return parcel


def _next_parcel(found: Return, *, at: datetime) -> ReturnParcel:
    """The one that waits for a label, or whose label was replaced before it was used; else a new one."""
    waiting = found.parcels.filter(status=ReturnParcel.Status.ANNOUNCED).exclude(label=None, tracking_number__gt="")
    return waiting.first() or ReturnParcel(of=found, token=new_token(), announced_at=at)
