"""Parcels that were scanned and never arrived: after a while a person has to settle what is lost."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.conf import settings

from oms import events
from oms.quantities import plain
from oms.transactions import transactional
from returns.actions.locking import lock_return
from returns.events import ReturnLost
from returns.models import Return, ReturnItem, ReturnParcel

Reception = ReturnItem.Reception


def give_up_parcels(*, at: datetime, limit: int = 200) -> int:
    """All that nobody has seen for too long; how many returns. Each in a transaction of its own."""
    before = at - timedelta(days=settings.RETURN_LOST_DAYS)
    late = ReturnParcel.objects.filter(status=ReturnParcel.Status.IN_TRANSIT, scanned_at__lte=before)
    waiting = late.filter(of__status=Return.Status.OPEN).order_by("of_id")
    numbers = list(dict.fromkeys(waiting.values_list("of__number", flat=True)[:limit]))
    return sum(miss_parcels(number=number, before=before, by="system", at=at) for number in numbers)


@transactional
def miss_parcels(*, number: str, by: str, at: datetime, before: datetime | None = None) -> bool:
    """Its parcels on the way, of those first scanned before that moment, do not come any more; False: there are none.

    Its items are lost once no other parcel of it is on the way. What is found later is received like anything else.

    Raises:
        ReturnNotFound.
    """
    found = lock_return(number)
    coming = list(found.parcels.filter(status=ReturnParcel.Status.IN_TRANSIT).select_for_update(no_key=True))
    lost = [each for each in coming if before is None or (each.scanned_at and each.scanned_at <= before)]
    if found.status != Return.Status.OPEN or not lost:
        return False

    ReturnParcel.objects.filter(pk__in=[each.pk for each in lost]).update(status=ReturnParcel.Status.LOST)
    items = list(found.items.filter(reception=Reception.IN_TRANSIT).select_related("line")) if lost == coming else []
    ReturnItem.objects.filter(pk__in=[item.pk for item in items]).update(reception=Reception.LOST)
    found.touch(at=at)
    events.publish([_tell(found, lost, items, by=by, at=at)])
    return True


def _tell(
    found: Return, parcels: Sequence[ReturnParcel], items: Sequence[ReturnItem], *, by: str, at: datetime
) -> ReturnLost:
    facts = {
        "order": found.order.number,
        "parcels": [{"tracking_number": each.tracking_number, "scanned_at": each.scanned_at} for each in parcels],
        "items": [
            {"item": item.pk, "sku": item.line.sku if item.line else "", "quantity": plain(item.quantity)}
            for item in items
        ],
    }
    return ReturnLost(subject=found.number, by=by, at=at, facts=facts)
