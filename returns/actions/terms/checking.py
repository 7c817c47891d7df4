"""What is wrong with a row of terms before the law is asked."""

from collections.abc import Iterator

from oms.countries import COUNTRIES
from oms.currencies import MINOR_UNITS
from oms.errors import FieldError
from orders.actions.windows.arranging import faults_of
from returns.choices import Condition, Method, Resolution
from returns.models import ReturnTerms

_WORDS = {"conditions": Condition, "resolutions": Resolution, "methods": Method}


def find_faults(terms: ReturnTerms) -> list[FieldError]:
    """With a pointer to each field."""
    return [*faults_of(terms), *_find_contradictions(terms), *_find_unknown(terms)]


def _find_contradictions(terms: ReturnTerms) -> Iterator[FieldError]:
    if terms.final_sale and terms.days:
        yield FieldError("/days", "final_sale_has_days", "A final sale has no days: nothing of it comes back.")
    if terms.final_sale:
        return
    if not terms.days:
        yield FieldError(
            "/final_sale", "reason_missing", "Terms that take nothing back must say why it is a final sale."
        )
    if not terms.resolutions:
        yield FieldError("/resolutions", "resolution_missing", "Name at least one thing that customers get for it.")
    if not terms.methods:
        yield FieldError("/methods", "method_missing", "Name at least one way in which it can come back.")
    if terms.label_fee and terms.bears == ReturnTerms.Bears.CUSTOMER:
        yield FieldError(
            "/label_fee", "fee_twice", "Who pays the carrier directly cannot be charged for a label as well."
        )


def _find_unknown(terms: ReturnTerms) -> Iterator[FieldError]:
    if terms.country and terms.country not in COUNTRIES:
        yield FieldError("/country", "unknown_country", f"There is no country {terms.country}.")
    if terms.fee_currency and terms.fee_currency not in MINOR_UNITS:
        yield FieldError("/fee_currency", "unknown_currency", f"There is no currency {terms.fee_currency}.")
    elif terms.fee_currency and terms.label_fee != round(terms.label_fee, MINOR_UNITS[terms.fee_currency]):
        digits = MINOR_UNITS[terms.fee_currency]
        yield FieldError("/label_fee", "too_fine", f"{terms.fee_currency} has {digits} digits after the point.")
    for field, word in _WORDS.items():
        if lost := sorted(set(getattr(terms, field)) - {each.value for each in word}):
            yield FieldError(f"/{field}", "unknown_word", f"{', '.join(lost)} is none of {', '.join(word)}.")
