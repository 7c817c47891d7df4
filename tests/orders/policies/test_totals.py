"""What an order costs, to the minor unit."""

from decimal import Decimal

import pytest

from orders.policies.totals import Extras, PricedLine, add_up


def priced(quantity, unit_price, *, discount="0", tax="0"):
    return PricedLine(Decimal(quantity), Decimal(unit_price), Decimal(discount), Decimal(tax))


def test_two_tax_rates_on_top_of_the_prices():
    lines = [priced(3, 100, tax="69.00"), priced(4, 50, tax="10.00")]
    totals = add_up(lines, Extras(), tax_included=False, currency="EUR")
    assert (totals.items, totals.tax, totals.total) == (500, 79, 579)


def test_everything_that_an_order_can_cost():
    extras = Extras(*map(Decimal, ("2.00", "4.90", "0.78", "1.00", "3.00")))
    lines = [priced(2, "19.90", discount="1.80", tax="6.00")]
    included = add_up(lines, extras, tax_included=True, currency="EUR")
    on_top = add_up(lines, extras, tax_included=False, currency="EUR")
    assert (included.items, included.discounts, included.tax) == (Decimal("39.80"), Decimal("3.80"), Decimal("6.78"))
    assert (included.total, on_top.total) == (Decimal("44.90"), Decimal("51.68"))


@pytest.mark.parametrize(
    ("quantity", "unit_price", "currency", "cost"),
    [
        ("2.5", "3.99", "EUR", "9.98"),
        ("0.125", "1", "EUR", "0.12"),
        ("3", "0.125", "EUR", "0.38"),
        ("1.5", "333", "JPY", "500"),
        ("1", "0.0005", "KWD", "0.000"),
    ],
)
def test_a_line_is_rounded_once_half_to_even(quantity, unit_price, currency, cost):
    totals = add_up([priced(quantity, unit_price)], Extras(), tax_included=True, currency=currency)
    assert str(totals.total) == cost
