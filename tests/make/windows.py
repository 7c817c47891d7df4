"""Edit window rules, orders to judge by them, and editions, as plain values."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from orders.policies.windows.editions import Campaign, Edition, Rule, Tier
from orders.policies.windows.rules import LineFacts, OrderFacts
from tests.make.moments import NOON, ONE_DAY

BERLIN = ZoneInfo("Europe/Berlin")
TIERS = (Tier("hot", "Hot", 10.0), Tier("regular", "Regular", 1.0), Tier("slow", "Slow", 0.0))


def rule(name: str = "Regular goods", *, minutes: int | None = 30, **fields: Any) -> Rule:
    """A rule for every order, with a window of half an hour, unless said otherwise; names stand as they are kept."""
    action = fields.pop("action", "WINDOW")
    minutes = None if action in ("NONE", "UNTIL_CUT_OFF") else minutes
    made = {key: frozenset(value) if isinstance(value, set) else value for key, value in fields.items()}
    return Rule(id=made.pop("id", 1), name=name, action=action, minutes=minutes, **made)


def edition(*rules: Rule, campaigns: Sequence[Campaign] = ()) -> Edition:
    return Edition(12, tuple(rules), tuple(campaigns), TIERS)


def campaign(*rules: Rule, name: str = "Drop", **fields: Any) -> Campaign:
    """One that runs since a day, for another."""
    span = {"starts_at": NOON - ONE_DAY, "ends_at": NOON + ONE_DAY, "active": True} | fields
    return Campaign(1, name, rules=tuple(rules), **span)


def goods(sku: str = "TEE", available: int | str = 100, **fields: Any) -> LineFacts:
    return LineFacts(sku, Decimal(available), **fields)


def facts(**fields: Any) -> OrderFacts:
    """An order of one shirt of which plenty is left, placed at noon in the web shop."""
    usual = {"channel": "web", "channel_minutes": 20, "placed_at": NOON, "zone": BERLIN, "lines": [goods()]}
    usual |= {"country": "DE", "value": Decimal(50), "currency": "EUR"}
    return OrderFacts(**usual | fields)
