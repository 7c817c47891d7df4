"""Goods that never arrive: lost on the way back, at our risk or at the customer's."""

from collections.abc import Sequence
from datetime import datetime

from django.db.models import Q

from oms.transactions import transactional
from oms.writing import update_rows
from returns.actions.closing import close_if_done
from returns.actions.locking import lock_return
from returns.actions.settling import settle_items
from returns.errors import ReturnNotOpen
from returns.models import Return, ReturnItem

Acceptance, Reception = ReturnItem.Acceptance, ReturnItem.Reception


@transactional
def mark_lost(*, number: str, item_ids: Sequence[int] = (), ours: bool, by: str, at: datetime) -> Return:
    """These items (all that are awaited or missed, if none are named) were lost on their way back. Twice is harmless.

    `ours`: it travelled under a label of ours, or the law puts the risk on us: then it is given for as if it had come.
    Else nothing is given unless it is found: it can still be received.

    Raises:
        ReturnNotFound, ReturnNotOpen.
    """
    found = lock_return(number)
    if found.status != Return.Status.OPEN:
        raise ReturnNotOpen(number, found.status)
    unseen = Q(reception__in=[Reception.AWAITING, Reception.IN_TRANSIT])
    missed = Q(reception=Reception.LOST, acceptance=Acceptance.PENDING)
    awaited = found.items.filter(unseen | missed, needs_goods=True)
    items = [item for item in awaited.select_related("line", "new_order") if not item_ids or item.pk in item_ids]
    if not items:
        return found

    for item in items:
        item.reception = Reception.LOST
        item.needs_goods = not ours
        item.acceptance = Acceptance.ACCEPTED if ours else Acceptance.NEEDS_PERSON
    update_rows(items, ["reception", "needs_goods", "acceptance"])
    found.moved_at = found.moved_at or at
    found.touch("moved_at", at=at)
    if ours:
        settle_items(found, [item for item in items if item.settlement_id is None], by=by, at=at)
        close_if_done(found, because="It was lost on the way, at our risk.", by=by, at=at)
    return found
