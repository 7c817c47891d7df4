"""Closing a return: by itself once nothing of it is open, or by staff."""

from datetime import datetime
from decimal import Decimal

from oms import events
from oms.transactions import transactional
from orders.actions.returning import free_units
from returns.actions.locking import lock_return
from returns.actions.remedies.shrinking import shrink_new_orders
from returns.errors import ReturnNotOpen
from returns.events import ReturnClosed
from returns.models import Return, ReturnItem

Acceptance, Reception = ReturnItem.Acceptance, ReturnItem.Reception


def close_if_done(found: Return, *, because: str, by: str, at: datetime) -> bool:
    """Close it when each item has come to its end. The return must be locked; True when it closed."""
    items = list(found.items.all())
    if found.status != Return.Status.OPEN or not items or not all(map(is_done, items)):
        return False
    found.move_to(Return.Status.CLOSED, at=at)
    events.publish([_tell(found, because, by=by, at=at)])
    return True


def is_done(item: ReturnItem) -> bool:
    """Nothing more is to happen to it: it was given for, was rejected, is not coming, or found its place."""
    if item.reception == Reception.CANCELED or item.acceptance == Acceptance.REJECTED:
        return True
    if item.reception == Reception.SURPLUS:
        return bool(item.disposition)
    return item.settlement_id is not None and item.acceptance == Acceptance.ACCEPTED


@transactional
def close_return(*, number: str, because: str, by: str, at: datetime) -> Return:
    """Staff end it: what never came is not awaited any more, and can be asked for again. Closing twice is harmless.

    Raises:
        ReturnNotFound, ReturnNotOpen.
    """
    found = lock_return(number)
    if found.status == Return.Status.CLOSED:
        return found
    if found.status != Return.Status.OPEN:
        raise ReturnNotOpen(number, found.status)

    give_up_awaited(found, by=by, at=at)
    found.move_to(Return.Status.CLOSED, at=at)
    events.publish([_tell(found, because, by=by, at=at)])
    return found


def give_up_awaited(found: Return, *, by: str, at: datetime) -> None:
    """What has not come is not coming. What was given for already stays as it is: that is an advance's affair."""
    waiting = found.items.filter(reception__in=[Reception.AWAITING, Reception.IN_TRANSIT], settlement=None)
    items = list(waiting.exclude(acceptance=Acceptance.ACCEPTED).select_related("new_order"))
    units: dict[int, Decimal] = {}
    for item in items:
        if item.line_id is not None:
            units[item.line_id] = units.get(item.line_id, Decimal(0)) + item.quantity
    if not items:
        return
    ReturnItem.objects.filter(id__in=[item.pk for item in items]).update(reception=Reception.CANCELED)
    free_units(found.order, units, at=at)
    shrink_new_orders(items, by=by, at=at)


def _tell(found: Return, because: str, *, by: str, at: datetime) -> ReturnClosed:
    return ReturnClosed(subject=found.number, by=by, at=at, facts={"order": found.order.number, "because": because})
