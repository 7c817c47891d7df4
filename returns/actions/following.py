"""Following parcels that customers send with carriers of their own: by whichever account can ask about any number."""

import logging
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q

from orders.actions.shipping.following import ASK_AGAIN, GIVEN_UP_AFTER, REST
from orders.actions.shipping.reaching import reach_carrier
from orders.actions.shipping.recording import pause_account
from orders.carriers.port import CarrierBusy, CarrierError, CarrierRefused, Tracked
from orders.models import CarrierAccount
from returns.actions.scanning import Scan, record_scan
from returns.models import Return, ReturnParcel

log = logging.getLogger(__name__)

_ON_ITS_WAY = (ReturnParcel.Status.ANNOUNCED, ReturnParcel.Status.IN_TRANSIT)


def follow_announced(*, at: datetime, limit: int = 200) -> int:
    """Ask about them, as often as about labels of ours; how many. Must run outside of a transaction."""
    asked = 0
    while asked < limit and (account := _find_account(at=at)) and (parcel := _take_next(at=at)):
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
    """One that knows of parcels that it sold no label for: the house does not."""
    reachable = CarrierAccount.objects.filter(Q(paused_until=None) | Q(paused_until__lte=at), active=True)
    return reachable.exclude(kind=CarrierAccount.Kind.HOUSE).order_by("id").first()


@transaction.atomic
def _take_next(*, at: datetime) -> ReturnParcel | None:
    """The parcel that was not asked about for longest; taken, so that nobody asks at the same time."""
    due = Q(tracked_at=None) | Q(tracked_at__lte=at - ASK_AGAIN)
    theirs = ReturnParcel.objects.filter(due, label=None, status__in=_ON_ITS_WAY).exclude(tracking_number="")
    awaited = theirs.filter(of__status=Return.Status.OPEN, announced_at__gt=at - GIVEN_UP_AFTER)
    rows = awaited.order_by("tracked_at", "id").select_for_update(skip_locked=True, of=("self",), no_key=True)
    parcel = rows.select_related("of").first()
    if parcel is not None:
        parcel.tracked_at = at
        parcel.save(update_fields=["tracked_at"])
    return parcel


def _record(parcel: ReturnParcel, tracked: list[Tracked], *, by: str, at: datetime) -> None:
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
