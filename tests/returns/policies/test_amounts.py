"""What units cost their buyer, to the last minor unit."""

from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from oms.money import fits_minor_unit, minor_unit
from returns.policies.amounts import (
    SoldLine,
    Taken,
    Worth,
    restocking_fee,
    share_by_value,
    share_lines,
    shipping_share,
)
from tests.properties.profiles import PURE

TEN = Decimal(10)


def sold(key=1, quantity="1", price="10.00", discount="0", tax="0") -> SoldLine:
    return SoldLine(key, Decimal(quantity), Decimal(price), Decimal(discount), Decimal(tax))


def share(*lines, discount="0", included=True, currency="EUR"):
    return share_lines(lines, order_discount=Decimal(discount), tax_included=included, currency=currency)


def test_three_units_for_ten_euros_come_back_for_ten_euros():
    line = share(sold(quantity="3", price="3.34", discount="0.02"))[1]
    first = line.worth_of(Decimal(1))
    second = line.worth_of(Decimal(1), Taken(Decimal(1), first))
    third = line.worth_of(Decimal(1), Taken(Decimal(2), Worth(first.value + second.value)))
    assert [first.value, second.value, third.value] == [Decimal("3.33"), Decimal("3.34"), Decimal("3.33")]


def test_units_given_free_again_change_nothing_of_the_sum():
    line = share(sold(quantity="3", price="3.34", discount="0.02"))[1]
    standing = Taken(Decimal(1), Worth(Decimal("3.34")))  # the second unit, whose neighbor was declined
    assert line.worth_of(Decimal(2), standing).value == Decimal("6.66")


def test_an_orders_own_discount_is_shared_by_what_the_lines_cost():
    shares = share(sold(1, price="30.00"), sold(2, price="10.00"), discount="5.00")
    assert [shares[1].total, shares[2].total] == [Decimal("26.25"), Decimal("8.75")]


def test_a_discount_on_shipping_takes_nothing_below_zero():
    assert share(sold(price="10.00"), discount="14.90")[1].total == 0


def test_tax_on_top_is_part_of_what_a_unit_cost():
    line = share(sold(quantity="2", price="50.00", tax="6.00"), included=False)[1]
    assert line.worth_of(Decimal(1)) == Worth(Decimal("53.00"), Decimal("3.00"))


def test_included_tax_is_within_the_value():
    line = share(sold(quantity="2", price="53.00", tax="6.00"))[1]
    assert line.worth_of(Decimal(1)) == Worth(Decimal("53.00"), Decimal("3.00"))


def test_yen_have_no_sen_and_dinars_a_thousand_fils():
    assert share(sold(quantity="3", price="333", discount="-1"), currency="JPY")[1].worth_of(Decimal(1)).value == 333
    dinars = share(sold(quantity="3", price="3.334", discount="0.002"), currency="KWD")[1]
    assert dinars.worth_of(Decimal(1)).value == Decimal("3.333")


def test_what_was_bought_by_the_metre_comes_back_by_the_metre():
    line = share(sold(quantity="2.5", price="3.99"))[1]
    assert line.total == Decimal("9.98")
    assert line.worth_of(Decimal("0.5")).value == Decimal("2.00")


def test_more_than_was_bought_is_worth_no_more_than_the_line():
    assert share(sold(quantity="2"))[1].worth_of(Decimal(5)).value == Decimal("20.00")


def test_a_line_of_nothing_is_worth_nothing():
    assert share(sold(quantity="0"))[1].worth_of(Decimal(1)) == Worth()
    assert share_lines([], order_discount=Decimal(5), tax_included=True, currency="EUR") == {}


def test_fees_and_shipping_settled_in_two_steps_add_up():
    first = share_by_value(
        Decimal("4.99"), reached=Decimal("10"), whole=Decimal("30"), before=Decimal(0), currency="EUR"
    )
    rest = share_by_value(Decimal("4.99"), reached=3 * TEN, whole=3 * TEN, before=first, currency="EUR")
    assert (first, first + rest) == (Decimal("1.66"), Decimal("4.99"))


def test_shipping_comes_back_with_its_share_of_the_goods():
    share = shipping_share(Decimal("4.90"), goods=4 * TEN, coming_back=TEN, before=Decimal(0), currency="EUR")
    assert share == Decimal("1.22")


def test_the_restocking_fee_is_rounded_once():
    values, percents = {1: Decimal("0.05"), 2: Decimal("0.05")}, {1: Decimal(50), 2: Decimal(50)}
    assert restocking_fee(values, percents, currency="EUR") == Decimal("0.05")


@st.composite
def baskets(draw):
    currency = draw(st.sampled_from(["EUR", "JPY", "KWD"]))
    cents = st.integers(0, 10**5).map(lambda units: units * minor_unit(currency))
    quantity = st.one_of(st.integers(1, 12).map(Decimal), st.decimals("0.001", 20, places=3))
    lines = [
        SoldLine(key, draw(quantity), draw(st.decimals(0, 999, places=4)), draw(cents), draw(cents))
        for key in range(1, draw(st.integers(1, 5)) + 1)
    ]
    return lines, draw(cents), draw(st.booleans()), currency


@given(basket=baskets(), cuts=st.lists(st.decimals("0.001", 5, places=3), max_size=12))
@PURE
def test_in_whatever_parts_a_line_comes_back_it_ends_at_its_total(basket, cuts):
    lines, discount, included, currency = basket
    for line in share_lines(lines, order_discount=discount, tax_included=included, currency=currency).values():
        taken, left = Taken(), line.quantity
        for cut in [*cuts, line.quantity]:
            part = min(cut, left)
            if not part:
                break
            worth = line.worth_of(part, taken)
            assert worth.value >= worth.tax >= 0
            assert fits_minor_unit(worth.value, currency)
            both = Worth(taken.worth.value + worth.value, taken.worth.tax + worth.tax)
            taken, left = Taken(taken.quantity + part, both), left - part
        assert taken.worth.value == line.total


@given(basket=baskets())
@PURE
def test_all_lines_together_cost_the_goods_less_all_discounts(basket):
    lines, discount, included, currency = basket
    before = share_lines(lines, order_discount=Decimal(0), tax_included=included, currency=currency)
    after = share_lines(lines, order_discount=discount, tax_included=included, currency=currency)
    goods = sum(line.net for line in before.values())
    assert sum(line.net for line in after.values()) == goods - min(discount, goods)
    assert all(line.net >= 0 for line in after.values())
