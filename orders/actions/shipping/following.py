"""Following parcels: what carriers tell us, and what we ask those that tell nothing."""

import logging
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Exists, OuterRef, Q

from oms import events
from oms.models import EventRecord
from oms.transactions import transactional
from orders.actions.shipping.foreign import hear_foreign
from orders.actions.shipping.reaching import reach_carrier
from orders.actions.shipping.recording import pause_account
from orders.actions.shipping.reports import Report
from orders.actions.shipping.tracking import record_tracking
from orders.actions.waking import wake_carriers
from orders.carriers.port import CarrierBusy, CarrierError, CarrierNews, CarrierRefused, Tracked
from orders.events import CarrierSignatureRefused
from orders.models import CarrierAccount, Label, Shipment, TrackingEvent

log = logging.getLogger(__name__)

ASK_AGAIN = timedelta(hours=4)
"""Carriers that send webhooks are asked all the same: a message can be lost."""
GIVEN_UP_AFTER = timedelta(days=60)
REST = timedelta(minutes=5)
ONCE_IN = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Heard:
    """What came of a carrier's message: new reports, and labels whose refund is looked at again."""

    reports: int
    refunds: int


@transactional
def hear_carrier(account: CarrierAccount, news: CarrierNews, *, at: datetime) -> Heard:
    """Take in what the carrier itself says. The same message again changes nothing; parcels of others are left out."""
    by = f"carrier:{account.code}"
    recorded = record_tracking(read_reports(news.tracked), by=by, at=at)
    others = [each for each in news.tracked if each.tracking_number in recorded.unknown]
    foreign = hear_foreign(others, by=by, at=at)
    refunded = [each.reference for each in news.refunded]
    waiting = Label.objects.filter(account=account, reference__in=refunded, state=Label.State.VOIDING)
    woken = waiting.filter(run_after__gt=at).update(run_after=at)
    if woken:
        wake_carriers()
    return Heard(recorded.new + foreign, woken)


def follow_parcels(*, at: datetime, limit: int = 200) -> int:
    """Ask carriers about parcels on their way; how many were asked about. Must run outside of a transaction."""
    asked = 0
    while asked < limit and (label := _take_next(at=at)):
        asked += 1
        account = label.account
        assert account is not None
        try:
            tracked = reach_carrier(account).track(label.tracking_number, label.reference)
            record_tracking(read_reports(tracked), by=f"carrier:{account.code}", at=at)
        except CarrierRefused as refusal:
            log.info("%s knows nothing of parcel %s: %s", account.code, label.tracking_number, refusal.sentence)
        except CarrierError as trouble:
            least = timedelta(seconds=trouble.retry_after) if isinstance(trouble, CarrierBusy) else REST
            pause_account(account, until=at + least)
        except Exception:  # whatever one report makes us stumble over must not stop the others
            log.exception("Reports of parcel %s could not be recorded.", label.tracking_number)
    return asked


@transactional
def refuse_carrier_signature(account: CarrierAccount, *, at: datetime) -> None:
    """Record that somebody spoke as the carrier; a flood is recorded once a minute."""
    kind = CarrierSignatureRefused
    lately = EventRecord.objects.about(kind.subject_kind, account.code).filter(type=kind.type, at__gt=at - ONCE_IN)
    if not lately.exists():
        events.publish([kind(subject=account.code, by="anonymous", at=at)])


def read_reports(tracked: Iterable[Tracked]) -> list[Report]:
    return [
        Report(
            shipment=each.tracking_number,
            status=each.status,
            at=each.at,
            external_id=each.external_id,
            place=each.place,
            description=each.description,
            expected_at=each.expected_at,
        )
        for each in tracked
    ]


@transaction.atomic
def _take_next(*, at: datetime) -> Label | None:
    """The label whose parcel was not asked about for longest; taken, so that nobody asks at the same time."""
    under_way = Shipment.objects.exclude(status__in=Shipment.ENDED).filter(
        fulfillment=OuterRef("fulfillment"),
        tracking_number=OuterRef("tracking_number"),
        shipped_at__gt=at - GIVEN_UP_AFTER,
    )
    reachable = Q(account__paused_until=None) | Q(account__paused_until__lte=at)
    due = Q(tracked_at=None) | Q(tracked_at__lte=at - ASK_AGAIN)
    ended = TrackingEvent.objects.filter(label=OuterRef("pk"), status__in=Shipment.ENDED)
    coming_back = ~Q(rma="") & Q(bought_at__gt=at - GIVEN_UP_AFTER) & ~Exists(ended)
    followed = Exists(under_way) | coming_back
    bought = Label.objects.filter(due, reachable, followed, state=Label.State.BOUGHT, account__active=True)
    outside = bought.exclude(account__kind=CarrierAccount.Kind.HOUSE).exclude(reference="")
    rows = outside.order_by("tracked_at", "id").select_for_update(skip_locked=True, of=("self",), no_key=True)
    label = rows.select_related("account").first()
    if label is not None:
        label.tracked_at = at
        label.save(update_fields=["tracked_at"])
    return label
