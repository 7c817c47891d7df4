"""Reading stock: what lies where, what may still be promised, and what each channel is told; four statements a page."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import Exists, F, OuterRef, Q, QuerySet

from inventory.models import Availability, ChannelBuffer, StockLevel
from oms.models import Channel
from oms.quantities import plain

FIGURES = ("on_hand", "allocated", "safety", "damaged", "quality_control", "incoming")


@dataclass(frozen=True, slots=True)
class Sight:
    """Whose eyes see it: no warehouses or channels named means all of them.

    Who is limited to warehouses sees the SKUs that lie there, in figures of these warehouses alone.
    """

    warehouses: Collection[str] = ()
    channels: Collection[str] = ()


@dataclass(frozen=True, slots=True)
class Stock:
    """One SKU's stock as somebody sees it."""

    variant_id: int
    sku: str
    sellable: Decimal
    promised: Decimal
    low: bool
    levels: Sequence[Mapping[str, Any]]
    channels: Sequence[tuple[str, Decimal]]

    @property
    def available(self) -> Decimal:
        return self.sellable - self.promised


def find_stock(
    *, sight: Sight, sku: str = "", warehouse: str = "", low: bool | None = None, text: str = ""
) -> QuerySet[Availability]:
    """Promise rows by exact SKU, by warehouse that holds a level, by whether they are low, by words."""
    found = Availability.objects.all()
    if sku:
        found = found.filter(variant__sku=sku)
    if low is not None:
        found = found.filter(low=low)
    if text:
        found = found.filter(Q(variant__sku__istartswith=text) | Q(variant__product__title__icontains=text))
    if warehouse or sight.warehouses:
        levels = StockLevel.objects.filter(variant=OuterRef("variant"))
        if sight.warehouses:
            levels = levels.filter(warehouse__code__in=sight.warehouses)
        if warehouse:
            levels = levels.filter(warehouse__code=warehouse)
        found = found.filter(Exists(levels))
    return found


def read_stock(found: QuerySet[Availability], *, sight: Sight) -> list[Stock]:
    """The stock of the SKUs found, in their order."""
    rows = list(found.annotate(sku=F("variant__sku")).values("variant_id", "sku", "sellable", "promised", "low"))
    variants = [row["variant_id"] for row in rows]
    levels = _read_levels(variants, sight)
    channels, buffers = _read_buffers(variants, sight)
    return [_see(row, levels[row["variant_id"]], channels, buffers, sight) for row in rows]


def describe_stock(stock: Stock) -> dict[str, Any]:
    """As the API and webhooks show it."""
    return {
        "sku": stock.sku,
        "sellable": plain(stock.sellable),
        "promised": plain(stock.promised),
        "available": plain(stock.available),
        "low": stock.low,
        "levels": [
            {"warehouse": level["code"]} | {figure: plain(level[figure]) for figure in FIGURES}
            for level in stock.levels
        ],
        "channels": [{"channel": code, "available": plain(units)} for code, units in stock.channels],
    }


def _see(
    row: Mapping[str, Any],
    levels: Sequence[Mapping[str, Any]],
    channels: Mapping[int, str],
    buffers: Mapping[tuple[int, int | None], Decimal],
    sight: Sight,
) -> Stock:
    variant_id, sellable, promised = row["variant_id"], row["sellable"], row["promised"]
    if sight.warehouses:  # promises are not made per warehouse: there, what is allocated is what is spoken for
        open_levels = [level for level in levels if level["active"]]
        sellable = sum(
            (max(level["on_hand"] - level["safety"], level["allocated"]) for level in open_levels), Decimal(0)
        )
        promised = sum((level["allocated"] for level in open_levels), Decimal(0))

    nothing = Decimal(0)
    told = [
        (code, max(sellable - promised - buffers.get((id_, variant_id), buffers.get((id_, None), nothing)), nothing))
        for id_, code in channels.items()
    ]
    return Stock(variant_id, row["sku"], sellable, promised, row["low"], levels, told)


def _read_levels(variants: Sequence[int], sight: Sight) -> dict[int, list[Mapping[str, Any]]]:
    levels: dict[int, list[Mapping[str, Any]]] = defaultdict(list)
    if not variants:
        return levels
    found = StockLevel.objects.filter(variant_id__in=variants)
    if sight.warehouses:
        found = found.filter(warehouse__code__in=sight.warehouses)
    found = found.order_by("variant_id", "warehouse__priority", "warehouse__code")
    columns = found.annotate(code=F("warehouse__code"), active=F("warehouse__active"))
    for level in columns.values("variant_id", "code", "active", *FIGURES):
        levels[level["variant_id"]].append(level)
    return levels


def _read_buffers(
    variants: Sequence[int], sight: Sight
) -> tuple[dict[int, str], dict[tuple[int, int | None], Decimal]]:
    """The channels that are told figures, and each buffer by (channel, variant); variant None is for the rest."""
    if not variants:
        return {}, {}
    selling = Channel.objects.filter(active=True).order_by("code")
    if sight.channels:
        selling = selling.filter(code__in=sight.channels)
    channels = dict(selling.values_list("id", "code"))
    kept = ChannelBuffer.objects.filter(Q(variant_id__in=variants) | Q(variant=None), channel_id__in=channels)
    rows = kept.values_list("channel_id", "variant_id", "units")
    return channels, {(channel, variant): units for channel, variant, units in rows}
