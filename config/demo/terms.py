"""What the brand takes back: its return terms, as they stand since the shop opened."""

from datetime import datetime
from decimal import Decimal
from typing import Any

from config.demo.brand import read_table
from inventory.models import Category
from returns.actions.terms.arranging import save_terms
from returns.models import ReturnTerms

BY = "staff:marta"
_FIGURES = ("label_fee", "restocking_percent", "credit_rate")


def keep_terms(*, at: datetime) -> None:
    """Those of one country first: a final sale that a law forbids can stand only beside a row for its country."""
    shelves = {category.code: category for category in Category.objects.all()}
    rows = read_table("terms")["terms"]
    for row in sorted(rows, key=lambda row: not row.get("country")):
        save_terms(terms=ReturnTerms(**_read(row, shelves)), by=BY, at=at)


def _read(row: dict[str, Any], shelves: dict[str, Category]) -> dict[str, Any]:
    figures = {name: Decimal(row[name]) for name in _FIGURES if name in row}
    return {**row, **figures, "category": shelves[row["category"]] if "category" in row else None}
