"""Fill an empty database with what orders need: `python -m tests.bench.catalogue`, told SKUs by one line of JSON.

Through the product's own models and actions; prints the ids that the floor writes with.
"""

import json
import sys
from datetime import UTC, datetime
from decimal import Decimal

import tests.bench.django_ready  # noqa: F401

# isort: split
from inventory.actions.counting import Count, count_stock
from inventory.models import Availability, Product, Variant, Warehouse
from oms.models import Channel

WAREHOUSE = "BENCH"
UNITS = Decimal(5_000_000)
VARIANTS_A_PRODUCT = 8
AT_ONCE = 1_000
BY = "system"


def fill_catalogue(skus: list[str], *, units: Decimal, at: datetime) -> list[tuple[int, str]]:
    """Products of eight variants, each with stock in one warehouse."""
    Warehouse.objects.create(code=WAREHOUSE, name="Bench", country="DE")
    products = [
        Product(title=f"Linen tee {place // VARIANTS_A_PRODUCT}") for place in range(0, len(skus), VARIANTS_A_PRODUCT)
    ]
    Product.objects.bulk_create(products)
    variants = Variant.objects.bulk_create(
        [
            Variant(
                product=products[place // VARIANTS_A_PRODUCT],
                sku=sku,
                price=Decimal("19.90"),
                currency="EUR",
                options={"size": "M"},
            )
            for place, sku in enumerate(skus)
        ]
    )
    Availability.objects.bulk_create([Availability(variant=variant) for variant in variants])
    set_stock(dict.fromkeys(skus, units), at=at)
    return [(variant.pk, variant.sku) for variant in variants]


def set_stock(units: dict[str, Decimal], *, at: datetime) -> None:
    skus = list(units)
    for start in range(0, len(skus), AT_ONCE):
        counts = [Count(sku, WAREHOUSE, on_hand=units[sku]) for sku in skus[start : start + AT_ONCE]]
        count_stock(counts, by=BY, at=at)


def open_channels() -> dict[str, int]:
    """`bench` refuses what is sold out, as a shop of one's own does; `file` has sold it already."""
    own = Channel.objects.create(code="bench", name="Bench", connector=Channel.Connector.API)
    file = Channel.objects.create(
        code="file", name="File", connector=Channel.Connector.FILE, currency="GBP", already_sold=True
    )
    return {own.code: own.pk, file.code: file.pk}


if __name__ == "__main__":
    told = json.loads(sys.stdin.readline())
    stock = fill_catalogue(told["skus"], units=UNITS, at=datetime.now(UTC))
    print(json.dumps({"stock": stock, "channels": open_channels()}))
