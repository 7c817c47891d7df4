"""What edit window rules ask of orders that are here already: four statements for any number of them."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db.models import F, QuerySet

from inventory.models import Category, Warehouse
from inventory.policies.thresholds import Threshold
from inventory.policies.velocity import Velocity, decay
from orders.models import Order, OrderLine
from orders.policies.windows.cut_offs import CutOff, next_cut_off
from orders.policies.windows.rules import LineFacts, OrderFacts


@dataclass(frozen=True, slots=True)
class JudgedOrder:
    """An order as rules see it."""

    number: str
    facts: OrderFacts


def read_order_facts(orders: QuerySet[Order], *, at: datetime) -> list[JudgedOrder]:
    """The orders as rules see them, in their order: their moment is that of purchase, stock and speed are of `at`.

    What is available is so after these orders: their own units are promised already.
    """
    rows = list(
        orders.values(
            "id", "number", "placed_at", "country", "shipping_method", "tags", "total", "currency",
            channel_code=F("channel__code"), minutes=F("channel__edit_window_minutes"), tier=F("customer__tier"),
        )
    )  # fmt: skip
    parents = read_category_tree()
    lines, categories = _read_lines([row["id"] for row in rows], parents, at=at)
    cut_offs = read_cut_offs()
    zone = shop_zone()
    return [
        JudgedOrder(row["number"], _facts(row, zone, cut_offs, lines[row["id"]], categories[row["id"]])) for row in rows
    ]


def shop_zone() -> ZoneInfo:
    """Whose weekdays and times of day rules speak of."""
    return ZoneInfo(settings.TIME_ZONE)


def read_cut_offs() -> list[CutOff]:
    """Those of the warehouses that are open."""
    rows = Warehouse.objects.filter(active=True, cut_off__isnull=False)
    return [CutOff(row.cut_off, ZoneInfo(row.time_zone), row.working_days) for row in rows if row.cut_off]


def read_category_tree() -> dict[int, tuple[str, int | None]]:
    """Each category's code and parent, by id."""
    return {id_: (code, parent) for id_, code, parent in Category.objects.values_list("id", "code", "parent_id")}


def climb(category_id: int | None, tree: Mapping[int, tuple[str, int | None]]) -> Iterable[str]:
    """The codes of a category and of all above it; a ring in the tree ends where it began."""
    seen: dict[int, str] = {}
    while category_id is not None and category_id not in seen and category_id in tree:
        seen[category_id], category_id = tree[category_id]
    return seen.values()


def _facts(
    row: Mapping[str, Any], zone: ZoneInfo, cut_offs: Sequence[CutOff], lines: Sequence[LineFacts], shelves: set[str]
) -> OrderFacts:
    return OrderFacts(
        channel=row["channel_code"],
        channel_minutes=row["minutes"],
        placed_at=row["placed_at"],
        zone=zone,
        country=row["country"],
        shipping_method=row["shipping_method"],
        tags=row["tags"],
        categories=frozenset(shelves),
        lines=lines,
        value=row["total"],
        currency=row["currency"],
        customer_tier=row["tier"] or "",
        next_cut_off=next_cut_off(cut_offs, after=row["placed_at"]),
    )


def _read_lines(
    order_ids: Sequence[int], tree: Mapping[int, tuple[str, int | None]], *, at: datetime
) -> tuple[dict[int, list[LineFacts]], dict[int, set[str]]]:
    """By order: each SKU once, and the categories with all above them."""
    stock = "variant__availability__"
    rows = (
        OrderLine.objects.filter(order_id__in=order_ids, variant__isnull=False, quantity__gt=F("cancelled_quantity"))
        .order_by("order_id", "variant__sku")
        .distinct()
        .values_list(
            "order_id", "variant__sku", "variant__product__category_id",
            *(f"{stock}{name}" for name in (
                "sellable", "promised", "velocity", "velocity_at", "threshold_units", "threshold_days", "low",
            )),
        )
    )  # fmt: skip
    lines: dict[int, list[LineFacts]] = defaultdict(list)
    categories: dict[int, set[str]] = defaultdict(set)
    for order_id, sku, category_id, *figures in rows:
        lines[order_id].append(_line(sku, figures, at=at))
        categories[order_id].update(climb(category_id, tree))
    return lines, categories


def _line(sku: str, figures: Sequence[Any], *, at: datetime) -> LineFacts:
    sellable, promised, velocity, velocity_at, units, days, low = figures
    threshold = Threshold(None if units is None else float(units), days)
    return LineFacts(
        sku=sku,
        available=sellable - promised,
        velocity=decay(Velocity(velocity, velocity_at), at=at),
        level=Decimal(str(threshold.level(velocity=velocity))),
        low=low,
    )
