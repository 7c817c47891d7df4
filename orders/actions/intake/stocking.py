"""Making imported history possible: SKUs that nobody has catalogued, with stock enough for the orders naming them."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from pydantic import ValidationError

from inventory.actions.cataloguing import create_products
from inventory.actions.moving import Kind, Move, move_stock
from inventory.incoming import IncomingProduct, IncomingVariant
from inventory.models import Category, Warehouse
from oms.errors import NotFound
from oms.sql import fetch_all, fetch_one
from oms.transactions import run_transaction
from orders.channels.incoming import IncomingOrder

TAG = "made-for-import"
"""On a product that an import made. Only its stock is topped up by later orders: all other stock is real."""

AHEAD = 20
"""So many times what a batch needs is received at once: a SKU that sells in every batch is topped up now and then."""

NOTE = "Stock for imported orders (--create-skus)"


@dataclass(frozen=True, slots=True, kw_only=True)
class Shelf:
    """Where what is made up goes: a warehouse and, if named, a category."""

    warehouse: str
    category: str | None = None


@dataclass(slots=True)
class _Need:
    """What a batch needs of one SKU."""

    title: str = ""
    units: Decimal = Decimal(0)
    divisible: bool = False


def find_shelf(*, warehouse: str = "", category: str = "") -> Shelf:
    """The warehouse of that code, or the first one that is active.

    Raises:
        NotFound: there is no such warehouse, none at all, or no such category.
    """
    active = Warehouse.objects.filter(active=True)
    found = (active.filter(code=warehouse) if warehouse else active).first()
    if found is None:
        known = ", ".join(active.values_list("code", flat=True)) or "none: create one first"
        raise NotFound(f"There is no active warehouse {warehouse}".rstrip() + f". Active warehouses: {known}.")
    if category and not Category.objects.filter(code=category).exists():
        known = ", ".join(Category.objects.values_list("code", flat=True)) or "none"
        raise NotFound(f"There is no category {category}. Categories: {known}.")
    return Shelf(warehouse=found.code, category=category or None)


def stock_orders(orders: Sequence[IncomingOrder], *, shelf: Shelf, reference: str, by: str, at: datetime) -> list[str]:
    """Create the SKUs that nobody knows, and see to it that those an import made cover these orders; the new SKUs.

    Orders that are here already need nothing: importing a file again moves no stock. One transaction, the same number
    of statements for any number of orders.
    """
    needs = _add_up_needs(_drop_known(orders))
    if not needs:
        return []
    return run_transaction(lambda: _stock(needs, shelf=shelf, reference=reference, by=by, at=at))


# `+ 0`: see `orders.queries.references`.
_KNOWN = """
SELECT coalesce(array_agg(wanted.place), '{}')
FROM unnest(%(channels)s::text[], %(external_ids)s::text[]) WITH ORDINALITY AS wanted(channel, external_id, place)
JOIN oms_channel c ON c.code = wanted.channel
JOIN orders_order o ON o.external_id = wanted.external_id AND o.channel_id + 0 = c.id
"""


def _drop_known(orders: Sequence[IncomingOrder]) -> list[IncomingOrder]:
    once = list({(order.channel, order.external_id): order for order in reversed(orders)}.values())
    names = {"channels": [order.channel for order in once], "external_ids": [order.external_id for order in once]}
    known = set(fetch_one(_KNOWN, names)[0])
    return [order for place, order in enumerate(once, 1) if place not in known]


def _add_up_needs(orders: Iterable[IncomingOrder]) -> dict[str, _Need]:
    """What was sold of each SKU. What has been sent already counts, too: history is there to be replayed."""
    needs: dict[str, _Need] = defaultdict(_Need)
    for order in orders:
        sold = not (order.test or order.cancelled_at or _lacks_address(order))
        for line in order.lines:
            if line.kind != "PRODUCT":
                continue
            need = needs[line.sku]
            need.title = need.title or line.title.strip()
            need.divisible = need.divisible or line.quantity % 1 != 0
            if sold:
                need.units += line.quantity - line.cancelled_quantity
    return needs


def _lacks_address(order: IncomingOrder) -> bool:
    """Then it will be quarantined, and takes nothing."""
    address = order.shipping_address
    return order.needs_address and not (address and address.country)


_STAND = """
SELECT v.sku, %(tag)s = ANY(p.tags), a.sellable - a.promised - coalesce((
    SELECT sum(r.quantity) FROM inventory_reservation r WHERE r.variant_id = v.id AND r.state = 'SHORT'
), 0)
FROM inventory_variant v
JOIN inventory_product p ON p.id = v.product_id
JOIN inventory_availability a ON a.variant_id = v.id
WHERE v.sku = ANY(%(skus)s::text[])
"""


def _stock(needs: dict[str, _Need], *, shelf: Shelf, reference: str, by: str, at: datetime) -> list[str]:
    stand = {sku: (ours, free) for sku, ours, free in fetch_all(_STAND, {"skus": list(needs), "tag": TAG})}
    created = _create_skus({sku: need for sku, need in needs.items() if sku not in stand}, shelf=shelf, by=by, at=at)
    free = {sku: units for sku, (ours, units) in stand.items() if ours} | dict.fromkeys(created, Decimal(0))
    moves = [
        Move(Kind.RECEIVE, sku, shelf.warehouse, need.units * AHEAD - free[sku], note=NOTE, reference=reference)
        for sku, need in needs.items()
        if sku in free and need.units > free[sku]
    ]
    if moves:
        move_stock(moves, by=by, at=at)
    return created


def _create_skus(needs: dict[str, _Need], *, shelf: Shelf, by: str, at: datetime) -> list[str]:
    products = [product for sku, need in needs.items() if (product := _describe_product(sku, need, shelf))]
    if not products:
        return []
    outcomes = create_products(products, by=by, at=at)
    return [product.skus[0] for product, outcome in zip(products, outcomes, strict=True) if outcome.status == "created"]


def _describe_product(sku: str, need: _Need, shelf: Shelf) -> IncomingProduct | None:
    """A product of one SKU; none where the SKU is nothing that a catalogue can hold."""
    try:
        variant = IncomingVariant(sku=sku, divisible=need.divisible)
        return IncomingProduct(title=need.title or sku, category=shelf.category, tags=[TAG], variants=[variant])
    except ValidationError:
        return None
