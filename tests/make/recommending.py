"""A catalogue with shelves, and what was learned of it."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from inventory.actions.cataloguing import create_products
from inventory.incoming import IncomingProduct
from inventory.models import Category, Product, Variant
from tests.make.moments import ADA, NOON
from tests.make.stock import count, warehouse
from upsell.models import Campaign, CategoryNeighbor, Neighbor, Recommender
from upsell.queries.ranked import Ranking


def shelve(
    sku: str, price: str = "10.00", *, category: str = "", on_hand: int = 10, currency: str = "EUR", **fields: Any
) -> Variant:
    """One product of one SKU on the shelf of a category; what else is said is the product's."""
    body: dict[str, Any] = {"title": sku.title(), "variants": [{"sku": sku, "price": _price(price, currency)}]}
    if category:
        Category.objects.get_or_create(code=category, defaults={"name": category.title()})
        body["category"] = category
    create_products([IncomingProduct.model_validate(body | fields)], by=ADA, at=NOON)
    warehouse()
    count(sku, on_hand)
    return Variant.objects.get(sku=sku)


def learned(pairs: Mapping[tuple[str, str], float], *, categories: Mapping[tuple[str, str], float] = {}) -> Recommender:
    """A recommender in use that says just this: (SKU, SKU it speaks for): how strongly."""
    made = Recommender.objects.create(
        state=Recommender.State.ACTIVE, began_at=NOON, done_at=NOON, trained_until=NOON, by=ADA
    )
    ids = dict(Variant.objects.values_list("sku", "id"))
    Neighbor.objects.bulk_create(
        Neighbor(recommender=made, item_id=ids[item], neighbor_id=ids[neighbor], strength=strength)
        for (item, neighbor), strength in pairs.items()
    )
    shelves = dict(Category.objects.values_list("code", "id"))
    CategoryNeighbor.objects.bulk_create(
        CategoryNeighbor(recommender=made, category_id=shelves[one], neighbor_id=shelves[other], strength=strength)
        for (one, other), strength in categories.items()
    )
    return made


def campaign(**fields: Any) -> Campaign:
    """A campaign of the recommender, on, that demands nothing unless said otherwise."""
    defaults = {"name": "Goes well with it", "active": True, "placements": ["ORDER"], "salt": "s"}
    return Campaign(**(defaults | fields))


def shown(ranking: Ranking) -> list[str]:
    return [each.sku for each in ranking.shown]


def excluded(ranking: Ranking) -> dict[str, str]:
    return {each.sku: each.reason for each in ranking.excluded}


def refile(sku: str, at: datetime = NOON, **fields: Any) -> None:
    """Something else is now true of its product."""
    Product.objects.filter(variants__sku=sku).update(updated_at=at, **fields)


def _price(amount: str, currency: str) -> dict[str, str]:
    return {"amount": amount, "currency": currency}
