"""The rows of terms as they stand in their table, as an edition keeps them."""

import hashlib
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

import orjson

from returns.models import ReturnTerms, TermsEdition
from returns.policies.terms.rows import Terms, read_row

Row = dict[str, Any]
Document = dict[str, Any]
"""What a TermsEdition keeps: {"terms": [row, …]}, by id; categories and channels by their codes."""

_COLUMNS = (
    "name", "product_tag", "country", "customer_tier", "days", "fallback_days", "final_sale", "conditions",
    "resolutions", "methods", "label_fee", "fee_currency", "restocking_percent", "bears", "shipping_refund",
    "credit_rate", "credit_months",
)  # fmt: skip


def describe_terms() -> Document:
    """The active rows; one statement."""
    rows = ReturnTerms.objects.filter(active=True).select_related("category", "channel").order_by("id")
    return {"terms": [describe_row(row) for row in rows]}


def describe_row(row: ReturnTerms) -> Row:
    """One row as an edition keeps it; one that was never saved has the id 0."""
    plain = {name: _plain(getattr(row, name)) for name in _COLUMNS}
    where = {
        "category": row.category.code if row.category else "",
        "channel": row.channel.code if row.channel else "",
    }
    return {"id": row.pk or 0, **plain, **where}


def as_value(row: ReturnTerms) -> Terms:
    """The row as policies know it."""
    return read_row(describe_row(row))


def propose_row(row: ReturnTerms) -> Document:
    """The rows as they would stand with this one saved."""
    described = describe_row(row)
    others = [each for each in describe_terms()["terms"] if each["id"] != described["id"]]
    return {"terms": [*others, *([described] if row.active else [])]}


def digest_of(document: Mapping[str, Any]) -> str:
    """SHA-256 of the document as canonical JSON (RFC 8785).

    A document holds strings, whole numbers, nothing and lists alone, with names in ASCII: there sorted keys without
    blanks are that form.
    """
    return hashlib.sha256(orjson.dumps(document, option=orjson.OPT_SORT_KEYS)).hexdigest()


def newest_edition() -> TermsEdition | None:
    return TermsEdition.objects.order_by("-in_force_from").first()


def _plain(value: Any) -> Any:
    """As JSON, and the same whether it comes from the database or from a form: 5, never 5.000."""
    if isinstance(value, Decimal):
        return f"{value.normalize():f}"
    if isinstance(value, Sequence) and not isinstance(value, str):
        return [str(each) for each in value]
    return str(value) if isinstance(value, str) else value
