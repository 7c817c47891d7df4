"""What shipping costs and which tax applies, by the merchant's tables."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from orders.policies.edits.quoting import Parcel, find_common_rate, find_methods, find_tax_rate, quote_shipping, tax_on
from tests.make.plans import TODAY, line_state, order_state, rate_row, tax_row

PARCEL = Parcel(channel_id=1, country="DE", method="standard", currency="EUR", value=Decimal(30), weight=500)


def price(*rates, **changes):
    """What the parcel costs by these rows; None where they say nothing of it."""
    quoted = quote_shipping(replace(PARCEL, **changes), rates)
    return quoted[0] if quoted else None


@pytest.mark.parametrize(
    "row",
    [
        rate_row(method="express"),
        rate_row(country="FR"),
        rate_row(channel_id=2),
        rate_row(currency="USD"),
        rate_row(weight_from=501),
        rate_row(weight_below=500),
    ],
)
def test_a_row_of_something_else_says_nothing(row):
    assert price(row) is None


def test_weight_begins_inclusive_and_ends_exclusive():
    steps = (rate_row(4, weight_below=500), rate_row(6, weight_from=500, weight_below=1_000))
    assert [price(*steps, weight=grams) for grams in (499, 500, 999, 1_000)] == [4, 6, 6, None]


def test_free_from_includes_the_value_itself():
    row = rate_row("4.90", free_from=Decimal(30))
    assert [price(row, value=Decimal(value)) for value in ("29.99", "30.00", "30.01")] == [Decimal("4.90"), 0, 0]


def test_the_most_particular_row_wins_whatever_it_costs():
    anywhere, germany, shop = rate_row(1), rate_row(2, country="DE"), rate_row(3, channel_id=1)
    both = rate_row(4, channel_id=1, country="DE")
    assert price(anywhere, germany) == 2
    assert price(anywhere, germany, shop) == 3
    assert price(both, anywhere, shop, germany) == 4


def test_of_equals_the_cheapest_wins():
    assert price(rate_row(7), rate_row(5), rate_row(6)) == 5


def test_methods_come_cheapest_first_and_only_those_that_fit():
    rows = (rate_row(9, method="express"), rate_row(5), rate_row(1, method="letter", weight_below=100))
    assert [(cost, row.method) for cost, row in find_methods(PARCEL, rows)] == [(5, "standard"), (9, "express")]


def rate(*rows, country="DE", province="", category=None, on=TODAY):
    return find_tax_rate(rows, country=country, province=province, category_id=category, on=on)


def test_a_rate_is_of_its_country_and_its_days():
    row = tax_row(19, from_date=date(2026, 1, 1), until_date=date(2026, 6, 30))
    days = [date(2025, 12, 31), date(2026, 1, 1), date(2026, 6, 30), date(2026, 7, 1)]
    assert [rate(row, on=day) for day in days] == [None, Decimal("0.19"), Decimal("0.19"), None]
    assert rate(tax_row(19), country="FR") is None


def test_province_goes_before_country_category_before_all_goods_and_newer_before_older():
    usual, books, quebec = tax_row(19), tax_row(7, category_id=3), tax_row(15, province="QC")
    assert rate(usual, books, category=3) == Decimal("0.07")
    assert rate(usual, books, category=4) == Decimal("0.19")
    assert rate(usual, books, quebec, province="QC", category=3) == Decimal("0.15")
    assert rate(usual, tax_row(16, from_date=date(2020, 7, 1))) == Decimal("0.16")


@pytest.mark.parametrize(
    ("net", "percent", "included", "currency", "tax"),
    [
        ("119.00", 19, True, "EUR", "19.00"),
        ("100.00", 19, False, "EUR", "19.00"),
        ("0.05", 10, False, "EUR", "0.00"),
        ("0.15", 10, False, "EUR", "0.02"),
        ("1001", 10, False, "JPY", "100"),
        ("10.005", 5, False, "KWD", "0.500"),
    ],
)
def test_tax_is_contained_or_added_and_rounded_half_to_even(net, percent, included, currency, tax):
    assert tax_on(Decimal(net), Decimal(percent) / 100, included=included, currency=currency) == Decimal(tax)


def common(*lines, **fields):
    return find_common_rate(order_state(*lines, **fields))


def test_one_rate_explains_all_lines_or_none_does():
    tee, cap = line_state("TEE", 1, "19.90", tax="3.18"), line_state("CAP", 3, "7.50", tax="3.59")
    assert common(tee, cap) == Decimal("0.19")
    assert common(tee, line_state("BOOK", 1, "10.00", tax="0.65")) is None


def test_the_shortest_rate_is_taken_and_free_lines_say_nothing():
    assert common(line_state("TEE", 1, "100.00", tax="8.88"), included=False) == Decimal("0.0888")
    assert common(line_state("TEE", 1, "100.00", tax="19.00"), line_state("GIFT", 1, 0), included=False) == Decimal(
        "0.19"
    )


def test_an_order_without_prices_or_all_tax_has_no_rate():
    assert common(line_state("TEE", 1, 0)) is None
    assert common(line_state("TEE", 1, "10.00", tax="10.00")) is None


def test_an_order_without_tax_has_the_rate_of_nothing():
    assert common(line_state("TEE", 1, "19.90")) == 0
