"""One edition of the edit window rules, as values: what a `WindowRuleSet` holds as JSON."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, time
from decimal import Decimal
from functools import cached_property
from typing import Any, Literal, cast
from zoneinfo import ZoneInfo

Action = Literal["WINDOW", "UNTIL_CUT_OFF", "WHILE_AVAILABLE", "STAFF_ONLY", "NONE"]
Words = frozenset[str]
NONE: Words = frozenset()

SETS = ("channels", "countries", "skus", "categories", "velocity_tiers")
"""Conditions that name codes, exactly as they stand."""
WORDS = ("shipping_methods", "tags", "customer_tiers")
"""Conditions that name words of the outside world: upper or lower case is all one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """One rule: conditions, all of which must hold (an empty one always does), and the window they give.

    Amounts in `currency`, cover in days, times of the edition's zone, weekdays from 1, Monday.
    """

    id: int
    name: str
    action: Action
    minutes: int | None = None
    above: Decimal | None = None
    active: bool = True
    channels: Words = NONE
    countries: Words = NONE
    shipping_methods: Words = NONE
    tags: Words = NONE
    categories: Words = NONE
    skus: Words = NONE
    velocity_tiers: Words = NONE
    customer_tiers: Words = NONE
    available_above: Decimal | None = None
    available_at_most: Decimal | None = None
    cover_above: float | None = None
    cover_at_most: float | None = None
    currency: str = ""
    value_from: Decimal | None = None
    value_below: Decimal | None = None
    weekdays: frozenset[int] = frozenset()
    from_time: time | None = None
    until_time: time | None = None
    cut_off_within: int | None = None

    @property
    def outcome(self) -> tuple[Action, int | None, Decimal | None]:
        """What it gives; two rules with the same outcome cannot contradict each other."""
        return self.action, self.minutes, self.above

    @property
    def asks_for_value(self) -> bool:
        return self.value_from is not None or self.value_below is not None

    @property
    def asks_for_cut_off(self) -> bool:
        return self.action == "UNTIL_CUT_OFF" or self.cut_off_within is not None


@dataclass(frozen=True, slots=True)
class Campaign:
    """Rules that are asked before the usual ones, for orders placed in [starts_at, ends_at)."""

    id: int
    name: str
    starts_at: datetime
    ends_at: datetime
    active: bool
    rules: tuple[Rule, ...]

    def holds_at(self, moment: datetime) -> bool:
        return self.active and self.starts_at <= moment < self.ends_at


@dataclass(frozen=True, slots=True)
class Tier:
    """SKUs that sell at least so many units a day, up to the next tier."""

    code: str
    name: str
    from_units_a_day: float


@dataclass(frozen=True)
class Edition:
    """The whole list, in order. `id` is None before anything was ever saved; `tiers` stand from fast to slow.

    `zone` is whose weekdays and times of day its rules speak of, for ever; None: it does not say.
    """

    id: int | None = None
    rules: tuple[Rule, ...] = ()
    campaigns: tuple[Campaign, ...] = ()
    tiers: tuple[Tier, ...] = ()
    zone: ZoneInfo | None = None

    def rules_at(self, placed_at: datetime) -> list[tuple[str, Rule]]:
        """The active rules for an order placed then, each with its campaign's name, "" for the usual ones."""
        special = [(each.name, rule) for each in self.campaigns if each.holds_at(placed_at) for rule in each.rules]
        return [(name, rule) for name, rule in (*special, *(("", rule) for rule in self.rules)) if rule.active]

    def tier_of(self, units_a_day: float) -> str:
        """The code of the tier that a velocity falls into, "" when the slowest begins above it."""
        return next((tier.code for tier in self.tiers if units_a_day >= tier.from_units_a_day), "")

    @cached_property
    def all_rules(self) -> tuple[Rule, ...]:
        return (*self.rules, *(rule for campaign in self.campaigns for rule in campaign.rules))

    @cached_property
    def asks_for_categories(self) -> bool:
        return any(rule.categories for rule in self.all_rules)

    @cached_property
    def asks_for_cut_offs(self) -> bool:
        return any(rule.asks_for_cut_off for rule in self.all_rules)


def read_edition(id: int | None, document: Mapping[str, Any]) -> Edition:
    """The edition that a WindowRuleSet's JSON describes; what an older one does not say stays open."""
    tiers = [Tier(row["code"], row["name"], float(row["from_units_a_day"])) for row in document.get("tiers", ())]
    return Edition(
        id=id,
        rules=read_rules(document.get("rules", ())),
        campaigns=tuple(_read_campaign(row) for row in document.get("campaigns", ())),
        tiers=tuple(sorted(tiers, key=lambda tier: -tier.from_units_a_day)),
        zone=ZoneInfo(document["zone"]) if "zone" in document else None,
    )


def read_rules(rows: Sequence[Mapping[str, Any]]) -> tuple[Rule, ...]:
    return tuple(map(_read_rule, rows))


def _read_campaign(row: Mapping[str, Any]) -> Campaign:
    return Campaign(
        id=row["id"],
        name=row["name"],
        starts_at=datetime.fromisoformat(row["starts_at"]),
        ends_at=datetime.fromisoformat(row["ends_at"]),
        active=row["active"],
        rules=read_rules(row["rules"]),
    )


def _read_rule(row: Mapping[str, Any]) -> Rule:
    sets: dict[str, Any] = {name: frozenset(row.get(name, ())) for name in SETS}
    words: dict[str, Any] = {name: frozenset(word.casefold() for word in row.get(name, ())) for name in WORDS}
    return Rule(
        id=row["id"],
        name=row["name"],
        action=cast(Action, row["action"]),
        minutes=row.get("minutes"),
        above=_decimal(row.get("above")),
        active=row.get("active", True),
        available_above=_decimal(row.get("available_above")),
        available_at_most=_decimal(row.get("available_at_most")),
        cover_above=row.get("cover_above"),
        cover_at_most=row.get("cover_at_most"),
        currency=row.get("currency", ""),
        value_from=_decimal(row.get("value_from")),
        value_below=_decimal(row.get("value_below")),
        weekdays=frozenset(row.get("weekdays", ())),
        from_time=_time(row.get("from_time")),
        until_time=_time(row.get("until_time")),
        cut_off_within=row.get("cut_off_within"),
        **sets,
        **words,
    )


def _decimal(value: str | None) -> Decimal | None:
    return None if value is None else Decimal(value)


def _time(value: str | None) -> time | None:
    return None if value is None else time.fromisoformat(value)
