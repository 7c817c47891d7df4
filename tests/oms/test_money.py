"""Amounts are exact to the minor unit, and shares lose none of it."""

from decimal import ROUND_HALF_EVEN, ROUND_HALF_UP, Decimal

import pytest

from oms.money import Money, UnknownCurrency, fits_minor_unit, minor_unit, round_amount, split_amount


def eur(amount):
    return Money(Decimal(amount), "EUR")


def yen(amounts):
    """Whole units, so that a share reads as a whole number."""
    return [int(amount) for amount in amounts]


@pytest.mark.parametrize(("currency", "unit"), [("EUR", "0.01"), ("JPY", "1"), ("KWD", "0.001"), ("CLF", "0.0001")])
def test_each_currency_has_its_minor_unit(currency, unit):
    assert minor_unit(currency) == Decimal(unit)


def test_a_code_that_is_no_currency_is_an_error():
    with pytest.raises(UnknownCurrency, match="EURO"):
        minor_unit("EURO")


@pytest.mark.parametrize(
    ("rounding", "amount", "rounded"),
    [
        (ROUND_HALF_EVEN, "2.5", 2),
        (ROUND_HALF_EVEN, "3.5", 4),
        (ROUND_HALF_EVEN, "-2.5", -2),
        (ROUND_HALF_UP, "2.5", 3),
        (ROUND_HALF_UP, "-2.5", -3),
        (ROUND_HALF_UP, "-8328.5", -8329),
    ],
)
def test_halves_are_rounded_to_even_or_away_from_zero_as_asked(rounding, amount, rounded):
    assert round_amount(Decimal(amount), "JPY", rounding) == rounded


def test_rounding_is_half_to_even_unless_said_otherwise():
    assert [str(round_amount(Decimal(each), "EUR")) for each in ("0.125", "0.135", "-0.125", "1")] == [
        "0.12", "0.14", "-0.12", "1.00",
    ]  # fmt: skip


def test_an_amount_fits_when_no_digit_would_be_lost():
    assert fits_minor_unit(Decimal("1.00"), "JPY")
    assert not fits_minor_unit(Decimal("1.50"), "JPY")
    assert fits_minor_unit(Decimal("1.505"), "KWD")


def test_money_adds_subtracts_and_compares_in_one_currency():
    assert eur("1.10") + eur("2.20") - eur("0.30") == eur("3.00")
    assert -eur("1.00") < eur("0.00") <= eur("0.00")
    assert (bool(eur("0.00")), bool(eur("0.01")), str(eur("5"))) == (False, True, "5.00 EUR")


@pytest.mark.parametrize("act", [lambda a, b: a + b, lambda a, b: a - b, lambda a, b: a < b, lambda a, b: a <= b])
def test_two_currencies_do_not_mix(act):
    with pytest.raises(ValueError, match="EUR and USD"):
        act(eur("1.00"), Money(Decimal("1.00"), "USD"))


def test_money_with_too_many_digits_is_an_error():
    with pytest.raises(ValueError, match="more digits"):
        eur("1.005")


@pytest.mark.parametrize(
    ("amount", "weights", "shares"),
    [
        (100, (1, 1, 1), (34, 33, 33)),
        (101, (3, 7), (30, 71)),
        (5, (7, 0, 3), (4, 0, 1)),
        (-5, (7, 3), (-3, -2)),
        (2, (1, 1, 1), (1, 1, 0)),
        (300, (4300, 1400, 2300), (162, 52, 86)),
        (-299, (4300, 1400, 2300), (-161, -52, -86)),
        (0, (5, 3), (0, 0)),
    ],
)
def test_shares_follow_their_weights_and_sum_to_the_whole(amount, weights, shares):
    assert tuple(yen(split_amount(Decimal(amount), weights, "JPY"))) == shares


def test_where_nobody_weighs_anything_the_first_takes_the_whole():
    assert yen(split_amount(Decimal(-299), (0,), "JPY")) == [-299]
    assert yen(split_amount(Decimal(300), (0, 0), "JPY")) == [300, 0]


def test_shares_are_whole_cents():
    shares = eur("0.05").split([Decimal("1.5"), Decimal("1.5"), 1])
    assert [str(share.amount) for share in shares] == ["0.02", "0.02", "0.01"]


@pytest.mark.parametrize("weights", [(), (1, -1)])
def test_nobody_and_negative_weights_are_errors(weights):
    with pytest.raises(ValueError, match=r"Nobody|negative"):
        split_amount(Decimal(1), weights, "EUR")
