"""Offers with their items, and of the goods what pages and mails say of them: one statement."""

from collections.abc import Collection, Sequence
from typing import Any

from inventory.models import Category, Product, Variant
from oms.reading import Part, attach, fetch_joined
from orders.models import Order
from upsell.models import Offer, OfferItem

PARTS = (
    Part("f", Offer),
    Part("i", OfferItem),
    Part("v", Variant, frozenset({"id", "product_id", "sku", "options"})),
    Part("p", Product, frozenset({"id", "title", "category_id"})),
    Part("c", Category, frozenset({"id", "code", "name"})),
)
SELECT = """
SELECT {columns}
FROM upsell_offer f
JOIN upsell_offeritem i ON i.offer_id = f.id
JOIN inventory_variant v ON v.id = i.variant_id
JOIN inventory_product p ON p.id = v.product_id
LEFT JOIN inventory_category c ON c.id = p.category_id
"""
_BY_ID = SELECT + "JOIN orders_order o ON o.id = f.order_id WHERE f.id = ANY(%(offers)s::bigint[]) ORDER BY f.id, i.id"
_ORDER = Part("o", Order, frozenset({"id", "number", "channel_id"}))


def read_whole_offers(ids: Collection[int]) -> dict[int, Offer]:
    """By id, with their order's number; those that there are not are left out."""
    rows = fetch_joined((*PARTS, _ORDER), _BY_ID, {"offers": list(ids)}) if ids else []
    for offer, *_, order in rows:
        offer.order = order
    return gather_offers([row[:-1] for row in rows])


def gather_offers(rows: Sequence[Sequence[Any]]) -> dict[int, Offer]:
    """Rows of `PARTS` as offers by id: nothing of them is asked for again."""
    offers: dict[int, Offer] = {}
    items: dict[int, list[OfferItem]] = {}
    for offer, item, variant, product, category in rows:
        offers[offer.pk], item.offer = offer, offer
        item.variant, variant.product, product.category = variant, product, category
        items.setdefault(offer.pk, []).append(item)
    for key, offer in offers.items():
        attach(offer, "items", items[key])
    return offers
