"""Reading the catalogue: products with their variants, two statements for any number of them."""

from collections import defaultdict
from collections.abc import Sequence
from typing import Any

from django.db.models import F, Q, QuerySet

from inventory.models import Product, Variant

PRODUCT_COLUMNS = (
    "id", "title", "handle", "product_type", "brand", "description", "care", "handling", "tags", "active"
)  # fmt: skip
VARIANT_COLUMNS = (
    "sku", "options", "barcode", "price", "unit_cost", "currency", "weight_grams", "length_mm", "width_mm",
    "height_mm", "hs_code", "origin", "divisible", "active",
)  # fmt: skip

Row = dict[str, Any]


def find_products(
    *, text: str = "", sku: str = "", category: str = "", active: bool | None = None
) -> QuerySet[Product]:
    """Products by words of the title or the beginning of a SKU, by exact SKU, by category, by whether they are sold."""
    found = Product.objects.all()
    if text:
        by_sku = Variant.objects.filter(sku__istartswith=text).values("product_id")
        found = found.filter(Q(title__icontains=text) | Q(id__in=by_sku))
    if sku:
        found = found.filter(id__in=Variant.objects.filter(sku=sku).values("product_id"))
    if category:
        found = found.filter(category__code=category)
    if active is not None:
        found = found.filter(active=active)
    return found


def read_products(products: QuerySet[Product]) -> list[Row]:
    """The products' rows with `category_code` and, under `variants`, the rows of their variants."""
    rows = list(
        products.annotate(category_code=F("category__code")).values(
            *PRODUCT_COLUMNS, "category_code", "created_at", "updated_at"
        )
    )
    variants = read_variants([row["id"] for row in rows])
    return [row | {"variants": variants[row["id"]]} for row in rows]


def read_variants(product_ids: Sequence[int]) -> dict[int, list[Row]]:
    """The rows of each product's variants, in the order in which they were made."""
    rows: dict[int, list[Row]] = defaultdict(list)
    if not product_ids:
        return rows
    found = Variant.objects.filter(product_id__in=product_ids).order_by("product_id", "id")
    for row in found.values("product_id", *VARIANT_COLUMNS):
        rows[row.pop("product_id")].append(row)
    return rows
