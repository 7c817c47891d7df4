"""Canceling a return before anything of it has moved."""

from datetime import datetime

from oms import events
from oms.transactions import transactional
from orders.actions.returning import free_units
from returns.actions.deciding import refuse_moved, units_of
from returns.actions.locking import lock_return
from returns.errors import ReturnEnded, ReturnUnderway
from returns.events import ReturnCanceled
from returns.models import Return, ReturnItem


@transactional
def cancel_return(*, number: str, by: str, at: datetime, reason: str = "") -> Return:
    """Give it up; its units can be asked for again. Canceling twice is harmless.

    Raises:
        ReturnNotFound.
        ReturnEnded: it was declined, or is done.
        ReturnUnderway: something of it has moved, or was given for already.
    """
    found = lock_return(number)
    if found.status == Return.Status.CANCELED:
        return found
    if found.status not in (Return.Status.REQUESTED, Return.Status.OPEN):
        raise ReturnEnded(number, found.status)
    refuse_moved(found)
    items = list(found.items.all())
    if any(item.settlement_id for item in items):
        raise ReturnUnderway(number)

    free_units(found.order, units_of(items), at=at)
    found.items.update(reception=ReturnItem.Reception.CANCELED)
    found.move_to(Return.Status.CANCELED, at=at)
    facts = {"order": found.order.number, "reason": reason}
    events.publish([ReturnCanceled(subject=number, by=by, at=at, facts=facts)])
    return found
