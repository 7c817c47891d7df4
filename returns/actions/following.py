"""Following parcels that customers send with carriers of their own: by whichever account can ask about any number.

Asking makes the number known to the carrier. One that sends webhooks tells the rest by itself, and is asked once a day
in case that a message got lost; any other is asked as often as about labels of ours.
"""

import logging
from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q, QuerySet

from orders.actions.shipping.following import ASK_AGAIN, GIVEN_UP_AFTER, REST
from orders.actions.shipping.reaching import reach_carrier
from orders.actions.shipping.recording import pause_account
from orders.carriers.port import CarrierBusy, CarrierError, CarrierRefused, Tracked
from orders.models import CarrierAccount
from returns.actions.scanning import Scan, record_scan
from returns.models import Return, ReturnParcel

log = logging.getLogger(__name__)

TOLD_ASK_AGAIN = timedelta(hours=24)

_ON_ITS_WAY = (ReturnParcel.Status.ANNOUNCED, ReturnParcel.Status.IN_TRANSIT)


def follow_announced(*, at: datetime, limit: int = 200) -> int:
    """Ask about them, as often as about labels of ours; how many. Must run outside of a transaction."""
    asked = 0
    while asked < limit and (account := _find_account(at=at)):
        parcel = _take_next(after=TOLD_ASK_AGAIN if account.secret else ASK_AGAIN, at=at)
        if parcel is None:
            break
        asked += 1
        try:
            tracked = reach_carrier(account).follow(parcel.tracking_number, parcel.carrier)
            if tracked:
                _record(parcel, tracked, by=f"carrier:{account.code}", at=at)
        except CarrierRefused as refusal:
            log.info("%s knows nothing of parcel %s: %s", account.code, parcel.tracking_number, refusal.sentence)
        except CarrierError as trouble:
            least = timedelta(seconds=trouble.retry_after) if isinstance(trouble, CarrierBusy) else REST
            pause_account(account, until=at + least)
    return asked


def _find_account(*, at: datetime) -> CarrierAccount | None:
    """One that knows of parcels that it sold no label for: the house does not. One that tells by itself first."""
    reachable = CarrierAccount.objects.filter(Q(paused_until=None) | Q(paused_until__lte=at), active=True)
    outside = reachable.exclude(kind=CarrierAccount.Kind.HOUSE).order_by("id")
    return min(outside, key=lambda account: not account.secret, default=None)


@transaction.atomic
def _take_next(*, after: timedelta, at: datetime) -> ReturnParcel | None:
    """The parcel that was not asked about for longest, and so long at least; taken, so that nobody asks at the same
    time."""
    due = _awaited().filter(Q(tracked_at=None) | Q(tracked_at__lte=at - after), announced_at__gt=at - GIVEN_UP_AFTER)
    rows = due.order_by("tracked_at", "id").select_for_update(skip_locked=True, of=("self",), no_key=True)
    parcel = rows.select_related("of").first()
    if parcel is not None:
        parcel.tracked_at = at
        parcel.save(update_fields=["tracked_at"])
    return parcel


def _awaited() -> QuerySet[ReturnParcel]:
    theirs = ReturnParcel.objects.filter(label=None, status__in=_ON_ITS_WAY, of__status=Return.Status.OPEN)
    return theirs.exclude(tracking_number="")


def hear_announced(tracked: Sequence[Tracked], *, by: str, at: datetime) -> int:
    """What a carrier tells by itself of such parcels; how many reports were news. The same again changes nothing."""
    by_number: dict[str, list[Tracked]] = defaultdict(list)
    for each in tracked:
        by_number[each.tracking_number].append(each)
    fresh = 0
    for parcel in _awaited().filter(tracking_number__in=by_number).select_related("of").order_by("of__order_id", "id"):
        known = {event["id"] for event in parcel.events}
        if news := [each for each in by_number[parcel.tracking_number] if each.external_id not in known]:
            _record(parcel, news, by=by, at=at)
            fresh += len(news)
    return fresh


def _record(parcel: ReturnParcel, tracked: Sequence[Tracked], *, by: str, at: datetime) -> None:
    scans = [
        Scan(
            id=each.external_id,
            status=each.status,
            at=each.at,
            place=each.place[:120],
            description=each.description[:255],
        )
        for each in tracked
    ]
    record_scan(number=parcel.of.number, parcel=parcel.pk, scans=scans, by=by, at=at)
