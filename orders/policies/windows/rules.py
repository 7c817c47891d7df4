"""How long a customer may edit an order: judged once, when it is placed, by the newest edition of the rules.

Low stock comes before every rule; then the rules of a running campaign, then the usual ones, and the first that fits
wins; then what the channel gives. The window always counts from the moment of purchase.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from oms.quantities import plain
from orders.policies.windows.editions import Edition, Rule, Words

LONGEST_SENTENCE, LONGEST_NAME = 255, 120
"""What a hold's columns take."""


@dataclass(frozen=True, slots=True)
class LineFacts:
    """A SKU of the order: units available once the order has its own, units sold a day, where it counts as low."""

    sku: str
    available: Decimal
    velocity: float = 0.0
    level: Decimal = Decimal(0)
    low: bool = False

    @property
    def is_low(self) -> bool:
        return self.low or self.available <= max(self.level, Decimal(0))

    @property
    def cover(self) -> float:
        """Days that its stock lasts; without end when nothing sells."""
        return float(self.available) / self.velocity if self.velocity > 0 else float("inf")


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderFacts:
    """What the judgement looks at. `categories` are those of all lines with everything above them; `lines` has each
    SKU that takes stock once; `next_cut_off` is the first after `placed_at`; `zone` is the shop's, for editions that do
    not say theirs."""

    channel: str
    channel_minutes: int
    placed_at: datetime
    zone: ZoneInfo
    country: str = ""
    shipping_method: str = ""
    tags: Sequence[str] = ()
    categories: Words = frozenset()
    lines: Sequence[LineFacts] = ()
    value: Decimal = Decimal(0)
    currency: str = ""
    customer_tier: str = ""
    next_cut_off: datetime | None = None
    waits_for_stock: bool = False
    """It cannot go out anyway: its customer may as well choose something else in the meantime."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WindowVerdict:
    """The window: `until` None means none. `sentence` says why in English, `facts` the same for other languages.

    `facts`: `why` is rule, channel, no_cut_off (the channel's, because no warehouse has one), low_stock, thin_stock
    (no more available than the rule asks for) or over; with it, as they apply, action, minutes, above, campaign,
    sku, available.
    """

    until: datetime | None
    sentence: str
    rule: str = ""
    rule_id: int | None = None
    edition: int | None = None
    staff_only: bool = False
    above: Decimal | None = None
    facts: dict[str, Any] = field(default_factory=dict)


def judge_window(edition: Edition, facts: OrderFacts, *, at: datetime) -> WindowVerdict:
    """The order's window as of `at`; one that is over by then is none."""
    if not facts.waits_for_stock and (thinnest := find_low_line(facts.lines)):
        return WindowVerdict(
            until=None,
            sentence=f"No window: {_say_left(thinnest)}; it goes to the warehouse at once.",
            edition=edition.id,
            facts={"why": "low_stock", "sku": thinnest.sku, "available": plain(thinnest.available)},
        )
    seen = _look(edition, facts)
    for campaign, rule in edition.rules_at(facts.placed_at):
        if _fits(rule, seen):
            return _give(_Winner(edition, rule, campaign), facts, at=at)
    return _give_channels(edition, facts, at=at)


def find_low_line(lines: Sequence[LineFacts]) -> LineFacts | None:
    """The scarcest of the lines whose SKU is low; None when none is."""
    return min((line for line in lines if line.is_low), key=lambda line: (line.available, line.sku), default=None)


@dataclass(frozen=True, slots=True)
class _Sight:
    """The facts as rules ask for them."""

    facts: OrderFacts
    shipping_method: str
    tags: Words
    skus: Words
    tier: str
    customer_tier: str
    available: Decimal
    cover: float
    clock: time
    weekday: int
    to_cut_off: timedelta


def _look(edition: Edition, facts: OrderFacts) -> _Sight:
    """The tightest line counts for stock, the fastest for the tier; an order without stock lines is never short."""
    local = facts.placed_at.astimezone(edition.zone or facts.zone)
    lines = facts.lines
    return _Sight(
        facts=facts,
        shipping_method=facts.shipping_method.casefold(),
        tags=frozenset(tag.casefold() for tag in facts.tags),
        skus=frozenset(line.sku for line in lines),
        tier=edition.tier_of(max(line.velocity for line in lines)) if lines else "",
        customer_tier=facts.customer_tier.casefold(),
        available=min((line.available for line in lines), default=Decimal("Infinity")),
        cover=min((line.cover for line in lines), default=float("inf")),
        clock=local.time(),
        weekday=local.isoweekday(),
        to_cut_off=facts.next_cut_off - facts.placed_at if facts.next_cut_off else timedelta.max,
    )


def _fits(rule: Rule, seen: _Sight) -> bool:
    return _fits_goods(rule, seen) and _fits_buyer(rule, seen) and _fits_moment(rule, seen)


def _fits_goods(rule: Rule, seen: _Sight) -> bool:
    return (
        (not rule.categories or not rule.categories.isdisjoint(seen.facts.categories))
        and (not rule.skus or not rule.skus.isdisjoint(seen.skus))
        and (not rule.velocity_tiers or seen.tier in rule.velocity_tiers)
        and (rule.available_above is None or seen.available > rule.available_above)
        and (rule.available_at_most is None or seen.available <= rule.available_at_most)
        and (rule.cover_above is None or seen.cover > rule.cover_above)
        and (rule.cover_at_most is None or seen.cover <= rule.cover_at_most)
    )


def _fits_buyer(rule: Rule, seen: _Sight) -> bool:
    facts = seen.facts
    return (
        (not rule.channels or facts.channel in rule.channels)
        and (not rule.countries or facts.country in rule.countries)
        and (not rule.shipping_methods or seen.shipping_method in rule.shipping_methods)
        and (not rule.tags or not rule.tags.isdisjoint(seen.tags))
        and (not rule.customer_tiers or seen.customer_tier in rule.customer_tiers)
        and (not rule.asks_for_value or facts.currency == rule.currency)
        and (rule.value_from is None or facts.value >= rule.value_from)
        and (rule.value_below is None or facts.value < rule.value_below)
    )


def _fits_moment(rule: Rule, seen: _Sight) -> bool:
    if rule.weekdays and seen.weekday not in rule.weekdays:
        return False
    if rule.cut_off_within is not None and seen.to_cut_off > timedelta(minutes=rule.cut_off_within):
        return False
    if rule.from_time is None or rule.until_time is None:
        return True
    if rule.from_time <= rule.until_time:
        return rule.from_time <= seen.clock < rule.until_time
    return seen.clock >= rule.from_time or seen.clock < rule.until_time


@dataclass(frozen=True, slots=True)
class _Winner:
    """The rule that won, and how people speak of it."""

    edition: Edition
    rule: Rule
    campaign: str

    @property
    def name(self) -> str:
        of_campaign = f" of campaign “{self.campaign}”" if self.campaign else ""
        return f"rule “{self.rule.name}”{of_campaign}{say_edition(self.edition)}"

    def facts(self, why: str, **more: Any) -> dict[str, Any]:
        rule = self.rule
        above = None if rule.above is None else plain(rule.above)
        said = {"minutes": rule.minutes, "above": above, "campaign": self.campaign or None, **more}
        return {"why": why, "action": rule.action, **{name: value for name, value in said.items() if value is not None}}

    def verdict(self, until: datetime | None, sentence: str, **more: Any) -> WindowVerdict:
        return WindowVerdict(
            until=until,
            sentence=sentence[:LONGEST_SENTENCE],
            rule=self.rule.name[:LONGEST_NAME],
            rule_id=self.rule.id,
            edition=self.edition.id,
            **more,
        )


def _give(winner: _Winner, facts: OrderFacts, *, at: datetime) -> WindowVerdict:
    rule = winner.rule
    if rule.action == "NONE":
        sentence = f"No window: {winner.name}; it goes to the warehouse at once."
        return winner.verdict(None, sentence, facts=winner.facts("rule"))
    if rule.action == "UNTIL_CUT_OFF":
        return _give_until_cut_off(winner, facts, at=at)

    assert rule.minutes is not None, "the database keeps it so"
    if rule.above is not None and (thin := _find_thin_line(facts.lines, rule.above)):
        sentence = f"No window: {_say_left(thin)}, and {winner.name} asks for more than {plain(rule.above)}."
        more = {"sku": thin.sku, "available": plain(thin.available)}
        return winner.verdict(None, sentence, facts=winner.facts("thin_stock", **more))

    until = facts.placed_at + timedelta(minutes=rule.minutes)
    if until <= at:
        sentence = f"No window: the {rule.minutes} minutes were over already. It was {winner.name}."
        return winner.verdict(None, sentence, facts=winner.facts("over"))
    return winner.verdict(
        until,
        f"{_capital(say_outcome(rule))}: {winner.name}",
        staff_only=rule.action == "STAFF_ONLY",
        above=rule.above,
        facts=winner.facts("rule"),
    )


def _give_until_cut_off(winner: _Winner, facts: OrderFacts, *, at: datetime) -> WindowVerdict:
    until = facts.next_cut_off
    if until is None:
        minutes = facts.channel_minutes
        given = facts.placed_at + timedelta(minutes=minutes)
        said = {"facts": winner.facts("no_cut_off", minutes=minutes)}
        sentence = f"{minutes} minutes: no warehouse has a cut-off to wait for, as {winner.name} would."
        return winner.verdict(given if given > at else None, sentence, **said)
    if until <= at:
        sentence = f"No window: the cut-off is over already. It was {winner.name}."
        return winner.verdict(None, sentence, facts=winner.facts("over"))
    return winner.verdict(until, f"Until the next cut-off: {winner.name}", facts=winner.facts("rule"))


def _give_channels(edition: Edition, facts: OrderFacts, *, at: datetime) -> WindowVerdict:
    minutes = facts.channel_minutes
    until = facts.placed_at + timedelta(minutes=minutes)
    why = "over" if minutes and until <= at else "channel"
    said = {
        "channel": f"{minutes} minutes: no rule fits, so channel {facts.channel} decides",
        "over": f"No window: the {minutes} minutes of channel {facts.channel} were over already",
    }[why]
    if not minutes:
        said = f"No window: no rule fits, and channel {facts.channel} gives none"
    return WindowVerdict(
        until=until if until > at else None,
        sentence=f"{said}{say_edition(edition)}.",
        rule=f"Channel {facts.channel}: {minutes} minutes"[:LONGEST_NAME],
        edition=edition.id,
        facts={"why": why, "action": "WINDOW", "minutes": minutes},
    )


def _find_thin_line(lines: Sequence[LineFacts], above: Decimal) -> LineFacts | None:
    thin = [line for line in lines if line.available <= above]
    return min(thin, key=lambda line: (line.available, line.sku), default=None)


def say_outcome(rule: Rule) -> str:
    """What the rule gives, in words: "30 minutes for staff only"."""
    return {
        "WINDOW": f"{rule.minutes} minutes",
        "STAFF_ONLY": f"{rule.minutes} minutes for staff only",
        "WHILE_AVAILABLE": f"{rule.minutes} minutes, while more than {plain(rule.above or Decimal(0))} are available",
        "UNTIL_CUT_OFF": "until the next cut-off",
        "NONE": "none, released at once",
    }[rule.action]


def say_edition(edition: Edition) -> str:
    return f" (edition {edition.id})" if edition.id else ""


def _say_left(line: LineFacts) -> str:
    if line.available <= 0:
        return f"nothing of {line.sku} is left"
    return f"only {plain(line.available)} of {line.sku} left"


def _capital(words: str) -> str:
    return words[0].upper() + words[1:]
