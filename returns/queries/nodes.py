"""What each node would cost for what comes back: a constant number of statements."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

import orjson
from django.conf import settings

from oms.money import round_amount
from oms.sql import fetch_all, fetch_one
from orders.policies.customs import needs_declaration
from orders.policies.routing.duties import Item as DutyItem
from orders.policies.routing.duties import convert_value, estimate_duty
from orders.policies.shipping.parcels import Item, pack_items
from orders.policies.shipping.rates import RateTable
from orders.queries.shipping.rates import read_rate_table
from returns.policies.nodes import Place

NOTHING = Decimal(0)
HUNDRED = Decimal(100)


@dataclass(frozen=True, slots=True, kw_only=True)
class Goods:
    """Units of one thing. `value` is what all of them cost their buyer, without tax, in the shop's currency."""

    quantity: Decimal
    value: Decimal
    grams: int | None
    measures: tuple[int, int, int] | None
    hs_code: str
    origin: str


@dataclass(frozen=True, slots=True)
class Load:
    """What comes back, from where. `sent_from` are the countries of the warehouses that sent it; `sender` is the
    warehouse that sent most."""

    country: str
    goods: Sequence[Goods]
    sent_from: frozenset[str]
    sender: int | None

    @property
    def units(self) -> Decimal:
        return sum((each.quantity for each in self.goods), NOTHING)

    @property
    def value(self) -> Decimal:
        return sum((each.value for each in self.goods), NOTHING)


@dataclass(frozen=True, slots=True)
class Node:
    """A row of ours, with its warehouse."""

    id: int
    warehouse_id: int
    code: str
    name: str
    kind: str
    country: str
    open: bool
    countries: Sequence[str]
    handling_cost: Decimal
    currency: str
    resale_percent: int


_NODES = """
SELECT n.id, w.id, w.code, w.name, n.kind, w.country, n.active AND w.active, n.countries, n.handling_cost, n.currency,
       n.resale_percent
FROM returns_returnnode n JOIN inventory_warehouse w ON w.id = n.warehouse_id ORDER BY w.priority, n.id
"""
_LOAD = """
SELECT coalesce(nullif(a.country, ''), o.country), o.currency, o.tax_included,
       (SELECT json_agg(json_build_object(
            'quantity', unit.value,
            'each', ((l.quantity * l.unit_price - l.discount - CASE WHEN o.tax_included THEN l.tax ELSE 0 END)
                     / greatest(l.quantity, 0.001))::text,
            'grams', v.weight_grams, 'length', v.length_mm, 'width', v.width_mm, 'height', v.height_mm,
            'hs_code', coalesce(v.hs_code, ''), 'origin', coalesce(v.origin, '')) ORDER BY l.position)
        FROM json_each_text(%(units)s::json) AS unit JOIN orders_orderline l ON l.id = unit.key::bigint
        LEFT JOIN inventory_variant v ON v.id = l.variant_id
        WHERE l.order_id = o.id),
       (SELECT json_agg(json_build_array(w.country, f.warehouse_id) ORDER BY f.closed_at DESC NULLS LAST, f.id)
        FROM orders_fulfillment f JOIN inventory_warehouse w ON w.id = f.warehouse_id
        WHERE f.order_id = o.id AND f.status <> 'CANCELLED')
FROM orders_order o LEFT JOIN orders_address a ON a.id = o.shipping_address_id WHERE o.id = %(order)s
"""


def read_nodes() -> list[Node]:
    """All, also those that are closed."""
    return [Node(*row) for row in fetch_all(_NODES, [])]


def read_load(order_id: int, units: Mapping[int, Decimal], *, at: datetime) -> Load:
    """Units of the order by the id of their line, as they lie with the customer."""
    asked = orjson.dumps({str(line): str(quantity) for line, quantity in units.items()}).decode()
    country, currency, _, rows, senders = fetch_one(_LOAD, {"order": order_id, "units": asked})
    goods = [_goods(row, currency, at) for row in rows or ()]
    senders = senders or []
    return Load(country, goods, frozenset(each[0] for each in senders), senders[0][1] if senders else None)


def reckon_places(nodes: Sequence[Node], load: Load, *, at: datetime) -> list[Place]:
    """Each node's bid for the load."""
    packed = pack_items([Item(each.quantity, each.grams, each.measures) for each in load.goods])
    table = read_rate_table()
    return [
        Place(
            code=node.code,
            kind=node.kind,
            country=node.country,
            active=node.open,
            takes_from=node.countries,
            freight=_freight(table, node, load.country, packed.grams, packed.measures),
            duty=_duty(node, load, at),
            handling=_handling(node, load, at),
            resale=round_amount(load.value * node.resale_percent / HUNDRED, settings.SHOP_CURRENCY),
        )
        for node in nodes
    ]


def _goods(row: Mapping[str, Any], currency: str, at: datetime) -> Goods:
    quantity = Decimal(row["quantity"])
    worth = max(Decimal(row["each"]), NOTHING) * quantity
    measures = row["length"], row["width"], row["height"]
    return Goods(
        quantity=quantity,
        value=_here(worth, currency, at),
        grams=row["grams"],
        measures=measures if all(measures) else None,
        hs_code=row["hs_code"],
        origin=row["origin"],
    )


def _freight(
    table: RateTable, node: Node, country: str, grams: int, measures: tuple[int, int, int] | None
) -> Decimal | None:
    """A lane back costs what the lane there does. Without any tables carriers say it later: nobody is dearer."""
    if not table:
        return NOTHING
    offer = table.cheapest(node.warehouse_id, country, grams, measures)
    return round_amount(offer.cost, settings.SHOP_CURRENCY) if offer else None


def _duty(node: Node, load: Load, at: datetime) -> Decimal:
    """Goods that come back unaltered to where they were exported from bear neither duty nor import tax (Regulation
    (EU) 952/2013, article 203, and its like elsewhere); anywhere else they are imported."""
    if any(not needs_declaration(origin=home, destination=node.country) for home in load.sent_from):
        return NOTHING
    items = [
        DutyItem(each.hs_code, each.origin, each.value / each.quantity, each.quantity)
        for each in load.goods
        if each.quantity
    ]
    due = estimate_duty(
        items, from_country=load.country, to_country=node.country, at=at.date(), currency=settings.SHOP_CURRENCY
    )
    return due.duty + due.tax


def _handling(node: Node, load: Load, at: datetime) -> Decimal:
    return _here(node.handling_cost * load.units, node.currency, at)


def _here(amount: Decimal, currency: str, at: datetime) -> Decimal:
    """In the shop's currency by the reference rates of the day; one that has none is taken as it stands."""
    here = convert_value(amount, currency=currency, into=settings.SHOP_CURRENCY, at=at.date())
    return round_amount(amount if here is None else here, settings.SHOP_CURRENCY)
