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
from orders.models import Order
from upsell.actions.offering import Offered, offer_to
from upsell.choices import Group, Placement
from upsell.models import Campaign, Exposure, RoomMail
from upsell.policies.audience import judge_audience
from upsell.policies.consent import Practice, Ruling, judge_consent
from upsell.policies.room import Recipient, find_objection
from upsell.policies.timing import Rhythm, find_earliest, judge_timing
from upsell.queries.considering import read_running
from upsell.queries.room import RoomFacts, lock_waiting, read_room_facts
from upsell.queries.standing import read_audience, read_standing
from upsell.queries.unsubscribe_links import make_unsubscribe_link

log = logging.getLogger(__name__)

Withheld = RoomMail.Withheld

AT_ONCE = 25
"""Orders a transaction: so many are locked while their mails are written."""
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

    rows: list[RoomMail] = field(default_factory=list)
    messages: list[Message] = field(default_factory=list)


def send_room_mails(*, write: Writer, at: datetime) -> int:
    """Decide upon every order whose moment has come; how many mails were posted. Outside of any transaction."""
    campaigns = read_running(Placement.MAIL)
    posted, last = 0, 0
    while campaigns and last is not None:
        more, last = _send_batch(campaigns, write, after=last, at=at)
        posted += more
    return posted


@transaction.atomic
def _send_batch(campaigns: Sequence[Campaign], write: Writer, *, after: int, at: datetime) -> tuple[int, int | None]:
    """The next orders by id. The number of the last one, None where there are no more."""
    share, least = find_earliest([_rhythm(each) for each in campaigns])
    locked = lock_waiting(share=share, least=least, after=after, at=at, limit=AT_ONCE)
    if not locked:
        return 0, None
    facts = read_room_facts(locked, at=at)
    related = Order.objects.select_related("channel", "customer").filter(pk__in=[each.order for each in facts])
    orders = {order.pk: order for order in related}
    batch = _Batch()
    for each in facts:
        _settle(batch, orders[each.order], each, campaigns, write, at=at)
    RoomMail.objects.bulk_create(batch.rows)
    post_messages(batch.messages)
    return len(batch.messages), locked[-1] if len(locked) == AT_ONCE else None


def _settle(
    batch: _Batch, order: Order, facts: RoomFacts, campaigns: Sequence[Campaign], write: Writer, *, at: datetime
) -> None:
    """What fails for one order is seen and tried again in a minute; the others are written to."""
    ruling = _judge_law(facts, at=at)
    if why := find_objection(_recipient(facts)) or _find_breach(ruling):
        batch.rows.append(_note(order, campaigns[0], why, at=at))
        return
    try:
        with transaction.atomic():
            _decide(batch, order, facts, campaigns, ruling, write, at=at)
    except Exception:
        log.exception("Whether order %s is told of its room could not be decided.", order.number)


def _decide(
    batch: _Batch,
    order: Order,
    facts: RoomFacts,
    campaigns: Sequence[Campaign],
    ruling: Ruling,
    write: Writer,
    *,
    at: datetime,
) -> None:
    """Mailed, not mailed and why, or left for a later minute."""
    campaign, speaks = _choose(order, campaigns, at=at)
    timing = judge_timing(_rhythm(campaign), opened_at=facts.opened_at, until=facts.until, at=at)
    if timing == "WAIT" or (facts.held and timing == "NOW"):
        return
    if timing == "TOO_SHORT":
        why = Withheld.NOT_EDITABLE if facts.held else Withheld.TOO_SHORT
        batch.rows.append(_note(order, campaign, why, at=at))
        return
    offered = offer_to(order=order, placement=Placement.MAIL, by=BY, at=at) if speaks else Offered()
    if not offered.offers:
        batch.rows.append(_note(order, campaign, _say_empty(order, campaigns), at=at))
        return
    batch.messages.append(_draft(order, offered, ruling, write, at=at))
    batch.rows.append(_note(order, offered.offers[0].campaign, "", at=at))


def _note(order: Order, campaign: Campaign, withheld: str, *, at: datetime) -> RoomMail:
    sent_at = None if withheld else at
    return RoomMail(order=order, campaign=campaign, sent_at=sent_at, withheld=withheld, decided_at=at)


def _choose(order: Order, campaigns: Sequence[Campaign], *, at: datetime) -> tuple[Campaign, bool]:
    """The first campaign that speaks to the order: the mail goes out in its rhythm. False: none does."""
    standing = read_standing(order, at=at)
    for campaign in campaigns:
        if judge_audience(read_audience(campaign), standing.towards(campaign, at=at), at=at) is None:
            return campaign, True
    return campaigns[0], False


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


def _say_empty(order: Order, campaigns: Sequence[Campaign]) -> RoomMail.Withheld:
    held_out = Exposure.objects.filter(order=order, campaign__in=campaigns, group=Group.HOLDOUT)
    return Withheld.HOLDOUT if held_out.exists() else Withheld.NOTHING_LEFT


def _draft(order: Order, offered: Offered, ruling: Ruling, write: Writer, *, at: datetime) -> Message:
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
        return draft_letter(write(order, note), envelope, at=at)


def _rhythm(campaign: Campaign) -> Rhythm:
    return Rhythm(campaign.mail_share, timedelta(minutes=campaign.mail_least_minutes))
