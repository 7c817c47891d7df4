"""Stock as webhooks and the log of events tell of it: the same document as `GET /stock/{sku}`."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime

import orjson

from inventory.models import Availability, StockLevel
from inventory.queries.stock import Sight, describe_stock, read_stock
from oms.resources import Limits, Mention, Resource, Wanted


def read_stock_resources(wanted: Sequence[Wanted], at: datetime) -> dict[Wanted, Resource]:
    """A few statements for each kind of limits: who sees less sees other figures."""
    by_limits: dict[Limits, list[str]] = defaultdict(list)
    for sku, limits in wanted:
        by_limits[limits].append(sku)
    return {
        (stock.sku, limits): Resource(orjson.Fragment(orjson.dumps(describe_stock(stock))))
        for limits, skus in by_limits.items()
        for stock in read_stock(
            Availability.objects.filter(variant__sku__in=skus),
            sight=Sight(warehouses=limits.warehouses, channels=limits.channels),
        )
    }


def see_stock_events(mentions: Sequence[Mention]) -> list[bool]:
    """Stock belongs to no channel; who is limited to warehouses is told of what lies there."""
    skus = {mention.subject for mention in mentions if mention.limits.warehouses}
    lies: dict[str, set[str]] = defaultdict(set)
    if skus:
        levels = StockLevel.objects.filter(variant__sku__in=skus)
        for sku, warehouse in levels.values_list("variant__sku", "warehouse__code"):
            lies[sku].add(warehouse)
    return [
        not mention.limits.warehouses or bool(lies[mention.subject] & set(mention.limits.warehouses))
        for mention in mentions
    ]
