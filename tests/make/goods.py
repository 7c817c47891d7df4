"""Goods on shelves, through the doors that the product itself uses."""

import itertools
from decimal import Decimal
from typing import Any

from inventory.actions.cataloguing import create_products
from inventory.actions.counting import Count, count_stock
from inventory.incoming import IncomingProduct
from inventory.models import Variant, Warehouse
from tests.make.partners import NOON

BY = "staff:ada"

_numbers = itertools.count(1)


def fresh_sku() -> str:
    return f"SKU-{next(_numbers)}"


def describe_product(*skus: str, **changes: Any) -> dict[str, Any]:
    """A product's body, with one variant a SKU."""
    variants = [{"sku": sku, "options": {"size": "M"}} for sku in skus or [fresh_sku()]]
    return {"title": "Linen tee", "variants": variants} | changes


def make_variant(sku: str | None = None, *, title: str = "Linen tee") -> Variant:
    """One SKU in the catalogue, none of it on any shelf."""
    named = sku or fresh_sku()
    product = IncomingProduct.model_validate(describe_product(named, title=title))
    create_products([product], by=BY, at=NOON)
    return Variant.objects.get(sku=named)


def make_warehouse(code: str = "LEJ", **changes: Any) -> Warehouse:
    return Warehouse.objects.create(code=code, **({"name": code, "country": "DE"} | changes))


def put_on_shelf(sku: str, units: int | str, *, warehouse: str = "LEJ", safety: int | str | None = None) -> None:
    """So many are there."""
    kept_back = None if safety is None else Decimal(safety)
    count_stock([Count(sku, warehouse, on_hand=Decimal(units), safety=kept_back)], by=BY, at=NOON)
