"""Set the stock of one SKU: `python -m tests.bench.counting SKU UNITS`."""

import sys
from datetime import UTC, datetime
from decimal import Decimal

import tests.bench.django_ready  # noqa: F401

# isort: split
from inventory.actions.counting import Count, count_stock
from tests.bench.catalogue import WAREHOUSE

if __name__ == "__main__":
    count_stock([Count(sys.argv[1], WAREHOUSE, on_hand=Decimal(sys.argv[2]))], by="system", at=datetime.now(UTC))
