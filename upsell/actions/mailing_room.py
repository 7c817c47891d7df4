"""The mail that there is still room in the parcel: one an order, ever, or written down why there was none."""

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from oms.actions.posting import Envelope, draft_letter, post_messages
from oms.mailing import Letter, speaking_to
from oms.models import Message
from oms.transactions import transactional
from orders.models import Order
from upsell.actions.offering import Offered, offer_to
from upsell.choices import Group, Placement
from upsell.models import Campaign, Exposure, RoomMail
from upsell.policies.audience import judge_audience
from upsell.policies.consent import Practice, Ruling, judge_consent
from upsell.policies.room import Recipient, find_objection
from upsell.policies.timing import Rhythm, find_earliest, judge_timing
from upsell.queries.considering import read_running
from upsell.queries.room import RoomFacts, lock_waiting, note_missed, read_room_facts
from upsell.queries.standing import read_audience, read_standing
from upsell.queries.unsubscribe_links import make_unsubscribe_link

log = logging.getLogger(__name__)

Withheld = RoomMail.Withheld

AT_ONCE = 25
"""Orders a transaction: so many are locked while their mails are written."""
LOOKED_BACK = timedelta(hours=2)
"""A worker that stood still no longer than this leaves nothing unsaid."""
MISSED_AT_ONCE = 5_000
BY = "system"


@dataclass(frozen=True, slots=True, kw_only=True)
class RoomNote:
    """What a mail says. `mark`: what the law wants its subject to begin with."""

    offered: Offered
    unsubscribe: str
    mark: str = ""


Writer = Callable[[Order, RoomNote], Letter]


@dataclass(slots=True)
class _Batch:
    """What comes of some orders."""

    campaigns: Sequence[Campaign]
    write: Writer
    at: datetime
    rows: list[RoomMail] = field(default_factory=list)
    messages: list[Message] = field(default_factory=list)


def send_room_mails(*, write: Writer, at: datetime) -> int:
    """Decide upon every order whose moment has come; how many mails were posted. Outside of any transaction."""
    campaigns = read_running(Placement.MAIL)
    if not campaigns:
        return 0
    posted = 0
    last: int | None = 0
    while last is not None:
        batch = _Batch(campaigns, write, at)
        last = _settle_next(batch, after=last)
        posted += len(batch.messages)
    _note_missed(campaigns[0], at=at)
    return posted


@transactional
def _note_missed(campaign: Campaign, *, at: datetime) -> None:
    """Cancelled, released or refunded before their moment; more than at once have their turn in a minute."""
    note_missed(campaign=campaign.pk, since=at - LOOKED_BACK, at=at, limit=MISSED_AT_ONCE)


@transaction.atomic
def _settle_next(batch: _Batch, *, after: int) -> int | None:
    """The next orders by id. The last one's, None where there are no more."""
    share, least = find_earliest([_rhythm(each) for each in batch.campaigns])
    locked = lock_waiting(share=share, least=least, after=after, at=batch.at, limit=AT_ONCE)
    if not locked:
        return None
    facts = read_room_facts(locked, at=batch.at)
    related = Order.objects.select_related("channel", "customer").filter(pk__in=[each.order for each in facts])
    orders = {order.pk: order for order in related}
    for each in facts:
        _settle(batch, orders[each.order], each)
    RoomMail.objects.bulk_create(batch.rows)
    post_messages(batch.messages)
    return locked[-1] if len(locked) == AT_ONCE else None


def _settle(batch: _Batch, order: Order, facts: RoomFacts) -> None:
    """What fails for one order is seen and tried again in a minute; the others are written to."""
    ruling = _judge_law(facts, at=batch.at)
    if why := find_objection(_recipient(facts)) or _find_breach(ruling):
        _note(batch, order, batch.campaigns[0], why)
        return
    try:
        with transaction.atomic():
            _decide(batch, order, facts, ruling)
    except Exception:
        log.exception("Whether order %s is told of its room could not be decided.", order.number)


def _decide(batch: _Batch, order: Order, facts: RoomFacts, ruling: Ruling) -> None:
    """Mailed, not mailed and why, or left for a later minute."""
    campaign, speaks = _choose(batch, order)
    timing = judge_timing(_rhythm(campaign), opened_at=facts.opened_at, until=facts.until, at=batch.at)
    if timing == "WAIT" or (facts.held and timing == "NOW"):
        return
    if timing == "TOO_SHORT":
        _note(batch, order, campaign, Withheld.NOT_EDITABLE if facts.held else Withheld.TOO_SHORT)
        return
    offered = Offered()
    if speaks:
        offered = offer_to(order=order, placement=Placement.MAIL, by=BY, at=batch.at)
    if not offered.offers:
        _note(batch, order, campaign, _say_empty(batch, order))
        return
    batch.messages.append(_draft(batch, order, offered, ruling))
    _note(batch, order, offered.offers[0].campaign)


def _note(batch: _Batch, order: Order, campaign: Campaign, withheld: str = "") -> None:
    sent_at = None if withheld else batch.at
    row = RoomMail(order=order, campaign=campaign, sent_at=sent_at, withheld=withheld, decided_at=batch.at)
    batch.rows.append(row)


def _choose(batch: _Batch, order: Order) -> tuple[Campaign, bool]:
    """The first campaign that speaks to the order: the mail goes out in its rhythm. False: none does."""
    standing = read_standing(order, at=batch.at)
    for campaign in batch.campaigns:
        listener = standing.towards(campaign, at=batch.at)
        if judge_audience(read_audience(campaign), listener, at=batch.at) is None:
            return campaign, True
    return batch.campaigns[0], False


def _recipient(facts: RoomFacts) -> Recipient:
    return Recipient(
        test=facts.test,
        has_address=bool(facts.email),
        editable=facts.status == Order.Status.HELD and facts.self_service != "CONTROL",
        given_back=facts.given_back,
        unsubscribed=facts.unsubscribed,
        refuses_all=facts.refuses_all,
    )


def _judge_law(facts: RoomFacts, *, at: datetime) -> Ruling:
    practice = Practice(similar_goods=settings.OFFERS_SIMILAR_GOODS, postal_address=bool(settings.SHOP_POSTAL_ADDRESS))
    day = timezone.localdate(at)
    return judge_consent(facts.country, consented=facts.consented, practice=practice, day=day)


def _find_breach(ruling: Ruling) -> str:
    """What the law has against it, "" where nothing."""
    if ruling.allowed:
        return ""
    return Withheld.NO_SENDER if ruling.because == "no_postal_address" else Withheld.NO_CONSENT


def _say_empty(batch: _Batch, order: Order) -> RoomMail.Withheld:
    held_out = Exposure.objects.filter(order=order, campaign__in=batch.campaigns, group=Group.HOLDOUT)
    return Withheld.HOLDOUT if held_out.exists() else Withheld.NOTHING_LEFT


def _draft(batch: _Batch, order: Order, offered: Offered, ruling: Ruling) -> Message:
    """In the order's language, on the clock of where it goes."""
    key = f"room.{order.number}"
    note = RoomNote(offered=offered, unsubscribe=make_unsubscribe_link(key), mark=ruling.mark)
    envelope = Envelope(
        key=key,
        kind="room",
        about_kind="order",
        about=order.number,
        to=order.email,
        unsubscribe=note.unsubscribe,
    )
    with speaking_to(order.locale, country=order.country):
        return draft_letter(batch.write(order, note), envelope, at=batch.at)


def _rhythm(campaign: Campaign) -> Rhythm:
    return Rhythm(campaign.mail_share, timedelta(minutes=campaign.mail_least_minutes))
