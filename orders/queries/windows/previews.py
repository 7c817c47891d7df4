"""What changed rules or a campaign would do, tried on recent orders; the same few statements for any number of them."""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal

from django.db.models import QuerySet

from inventory.policies.velocity import MEMORY
from oms.sql import fetch_all
from orders.models import Hold, Order
from orders.policies.windows.editions import Campaign, Edition
from orders.policies.windows.rules import OrderFacts, WindowVerdict, judge_window
from orders.queries.windows.facts import JudgedOrder, read_order_facts
from orders.queries.windows.rules import Document, as_edition, newest_edition

RECENT = 50


@dataclass(frozen=True, slots=True)
class Given:
    """The window that an order was given when it was placed; `rule` is empty where none stands on record."""

    rule: str = ""
    sentence: str = ""


@dataclass(frozen=True, slots=True)
class Preview:
    """One order: what it was given, what the rules of now would give it, and what the proposed ones would."""

    number: str
    placed_at: datetime
    given: Given
    now: WindowVerdict
    then: WindowVerdict

    @property
    def changes(self) -> bool:
        """True when its window would be another one; another rule with the same window is no change."""
        return _window(self.now) != _window(self.then)


@dataclass(slots=True)
class TierPreview:
    """What a campaign does to the orders of one velocity tier; `units` counts the orders that each SKU is in."""

    name: str
    orders: list[Preview] = field(default_factory=list)
    units: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    sku_count: int = 0

    @property
    def changed(self) -> int:
        return sum(preview.changes for preview in self.orders)

    @property
    def skus(self) -> list[tuple[str, int]]:
        """The SKUs of these orders and in how many of them each is, the most frequent first."""
        return sorted(self.units.items(), key=lambda item: (-item[1], item[0]))

    @property
    def windows(self) -> list[tuple[str, int]]:
        """The windows that these orders would get, the most frequent first."""
        return Counter(say_window(preview.then, preview.placed_at) for preview in self.orders).most_common()


def preview_rules(proposed: Document, *, at: datetime, limit: int = RECENT) -> list[Preview]:
    """Which rule each of the most recent orders would get if the list stood as proposed, and which it gets now."""
    orders = recent_orders()[:limit]
    return _compare(read_order_facts(orders, at=at), newest_edition(), as_edition(proposed))


def preview_campaign(document: Document, campaign_id: int, *, at: datetime, limit: int = 500) -> list[TierPreview]:
    """The orders that the campaign concerns, per velocity tier: those placed in its span so far, or, before it has
    begun, recent ones as if it ran."""
    edition = as_edition(document)
    campaign = next(each for each in edition.campaigns if each.id == campaign_id)
    orders = recent_orders()
    if campaign.starts_at <= at:
        orders = orders.filter(placed_at__gte=campaign.starts_at, placed_at__lt=campaign.ends_at)
    judged = read_order_facts(orders[:limit], at=at)

    without = replace(edition, campaigns=())
    previews = _compare(judged, without, replace(edition, campaigns=(_always(campaign),)))
    return _by_tier(edition, judged, previews, count_skus_by_tier(edition, at=at))


def say_window(verdict: WindowVerdict, placed_at: datetime) -> str:
    """How long it is, in words."""
    if verdict.until is None:
        return "none"
    minutes = f"{round((verdict.until - placed_at) / timedelta(minutes=1)):,} min"
    return f"{minutes}, staff only" if verdict.staff_only else minutes


def recent_orders() -> QuerySet[Order]:
    """The newest first; test orders take no stock and no window."""
    return Order.objects.filter(test=False).order_by("-placed_at", "-id")


_COUNT_SKUS = f"""
SELECT width_bucket(
           a.velocity
           * exp(-greatest(extract(epoch FROM %(at)s - a.velocity_at), 0)::float8 / {MEMORY.total_seconds()}),
           %(begins)s::float8[]
       ), count(*)
FROM inventory_availability a JOIN inventory_variant v ON v.id = a.variant_id
WHERE v.active GROUP BY 1
"""  # noqa: S608 - a constant of our own policies, no input


def count_skus_by_tier(edition: Edition, *, at: datetime) -> Mapping[str, int]:
    """How many SKUs that are sold fall into each tier now; "" for those below the slowest."""
    slow_first = list(reversed(edition.tiers))
    begins = [tier.from_units_a_day for tier in slow_first] or [float("inf")]
    codes = ["", *(tier.code for tier in slow_first)]
    return {codes[bucket or 0]: count for bucket, count in fetch_all(_COUNT_SKUS, {"at": at, "begins": begins})}


def _always(campaign: Campaign) -> Campaign:
    return replace(
        campaign, active=True, starts_at=datetime.min.replace(tzinfo=UTC), ends_at=datetime.max.replace(tzinfo=UTC)
    )


def _compare(judged: Sequence[JudgedOrder], now: Edition, then: Edition) -> list[Preview]:
    given = _read_given([each.number for each in judged])
    return [
        Preview(
            each.number, each.facts.placed_at, given.get(each.number, Given()), _judge(now, each), _judge(then, each)
        )
        for each in judged
    ]


def _judge(edition: Edition, order: JudgedOrder) -> WindowVerdict:
    """As at the moment of purchase: nothing is over yet."""
    return judge_window(edition, order.facts, at=order.facts.placed_at)


def _read_given(numbers: Sequence[str]) -> dict[str, Given]:
    """The oldest window of each order: the one that it was placed with."""
    windows = Hold.objects.filter(order__number__in=numbers, reason=Hold.Reason.EDIT_WINDOW).order_by("-id")
    return {
        number: Given(rule, detail) for number, rule, detail in windows.values_list("order__number", "rule", "detail")
    }


def _by_tier(
    edition: Edition, judged: Sequence[JudgedOrder], previews: Sequence[Preview], sku_counts: Mapping[str, int]
) -> list[TierPreview]:
    """From fast to slow; orders without goods that sell stand last, under no tier."""
    tiers = {tier.code: TierPreview(tier.name, sku_count=sku_counts.get(tier.code, 0)) for tier in edition.tiers}
    none = TierPreview("No tier", sku_count=sku_counts.get("", 0))
    for order, preview in zip(judged, previews, strict=True):
        tier = tiers.get(_tier_of(edition, order.facts), none)
        tier.orders.append(preview)
        for line in order.facts.lines:
            tier.units[line.sku] += 1
    return [*tiers.values(), *([none] if none.orders or none.sku_count else [])]


def _tier_of(edition: Edition, facts: OrderFacts) -> str:
    return edition.tier_of(max(line.velocity for line in facts.lines)) if facts.lines else ""


def _window(verdict: WindowVerdict) -> tuple[datetime | None, bool, Decimal | None]:
    return verdict.until, verdict.staff_only, verdict.above
