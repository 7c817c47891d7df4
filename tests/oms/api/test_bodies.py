"""The words that bodies are made of take what their schema says, and nothing else."""

from decimal import Decimal

import pytest
from pydantic import TypeAdapter, ValidationError

from oms.bodies import AmountText, CountryCode, CurrencyCode, Flag, Moment, MoneyBody, PageSize


def takes(type_, value) -> bool:
    try:
        TypeAdapter(type_).validate_python(value)
    except ValidationError:
        return False
    return True


@pytest.mark.parametrize("moment", ["2026-11-21T09:30:00Z", "2026-11-21T09:30:00.123456+02:00", "2026-11-21t09:30:00z"])
def test_a_moment_has_its_zone(moment):
    assert takes(Moment, moment)


@pytest.mark.parametrize(
    "moment", ["2026-11-21T09:30:00", "2026-11-21", "0.5", 5, 0.5, None, "2026-13-21T09:30:00Z", "٢٠٢٦-11-21T09:30:00Z"]
)
def test_what_is_no_moment_is_refused(moment):
    assert not takes(Moment, moment)


@pytest.mark.parametrize("amount", ["0", "19.90", "0.0001", "999999999999"])
def test_an_amount_is_written_in_digits(amount):
    assert TypeAdapter(AmountText).validate_python(amount) == Decimal(amount)


@pytest.mark.parametrize(
    "amount",
    ["", "-1", "+1", "1.", ".5", "1e3", "1,5", "NaN", "Infinity", "1_0", " 1", "٣", "1.00001", "1" * 13, 19.9, 1, None],
)
def test_what_is_no_amount_is_refused(amount):
    assert not takes(AmountText, amount)


@pytest.mark.parametrize(
    ("type_", "value"),
    [
        (Flag, "1"),
        (Flag, "True"),
        (PageSize, "+5"),
        (PageSize, "1_0"),
        (PageSize, "٣"),
        (PageSize, "251"),
        (PageSize, "0"),
        (CurrencyCode, "eur"),
        (CurrencyCode, "XXY"),
        (CountryCode, "de"),
        (CountryCode, "ZZ"),
        (CountryCode, 5),
    ],
)
def test_near_misses_are_refused(type_, value):
    assert not takes(type_, value)


def test_money_fits_its_currency():
    assert takes(MoneyBody, {"amount": "1.500", "currency": "KWD"})
    assert not takes(MoneyBody, {"amount": "1.5", "currency": "JPY"})
