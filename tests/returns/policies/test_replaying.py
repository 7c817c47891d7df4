"""Matching returns of the past to sales: the same buyer, the same SKU, no unit twice."""

from collections import Counter
from datetime import UTC, datetime, timedelta
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from returns.policies.replaying import CameBack, Sold, match_returns

DAY_ONE = datetime(2026, 3, 1, tzinfo=UTC)


def day(number):
    return DAY_ONE + timedelta(days=number)


def sold(order, on, quantity, *, buyer="ada", sku="TEE"):
    return Sold(order, day(on), buyer, sku, Decimal(quantity))


def back(on, quantity, *, buyer="ada", sku="TEE", note="C1", place=0, goods=True):
    return CameBack(note, place, day(on), buyer, sku, Decimal(quantity), goods)


def only(sales, line):
    [match] = match_returns(sales, [line])
    return match


def test_units_are_of_the_newest_sale_before_them():
    match = only([sold("1", 1, 2), sold("2", 5, 2), sold("3", 9, 2)], back(6, 1))
    assert (match.parts, match.reason) == ((("2", Decimal(1)),), "")


def test_more_than_one_sale_had_is_found_in_the_one_before():
    match = only([sold("1", 1, 2), sold("2", 5, 2)], back(6, 3))
    assert match.parts == (("2", Decimal(2)), ("1", Decimal(1)))


def test_what_finds_no_sale_says_why_and_takes_nothing():
    sales = [sold("1", 1, 2), sold("9", 20, 50)]
    reasons = {
        only(sales, back(6, 3)).reason: "more_than_sold",
        only(sales, back(6, 1, buyer="eve")).reason: "no_such_sale",
        only(sales, back(6, 1, sku="CAP")).reason: "no_such_sale",
        only(sales, back(0, 1)).reason: "no_such_sale",
        only(sales, back(6, 1, buyer="")).reason: "no_buyer",
        only(sales, back(6, 0)).reason: "nothing_returned",
        only(sales, back(6, 1, goods=False)).reason: "not_goods",
    }
    assert all(found == wanted for found, wanted in reasons.items())


def test_a_line_that_was_refused_leaves_its_sale_to_the_next_one():
    [much, little] = match_returns([sold("1", 1, 2)], [back(2, 3, note="C1"), back(3, 2, note="C2")])
    assert (much.reason, little.parts) == ("more_than_sold", (("1", Decimal(2)),))


LINES = st.lists(
    st.tuples(st.integers(0, 9), st.integers(1, 4), st.sampled_from("ab"), st.sampled_from("xy")), max_size=9
)


@given(sales=LINES, returns=LINES)
def test_no_unit_comes_back_twice_or_before_it_was_sold_whatever_the_books_say(sales, returns):
    sent = [sold(str(place), on, units, buyer=buyer, sku=sku) for place, (on, units, buyer, sku) in enumerate(sales)]
    lines = [
        back(on, units, buyer=buyer, sku=sku, place=place) for place, (on, units, buyer, sku) in enumerate(returns)
    ]
    matches = match_returns(sent, lines)

    by_order, taken = {each.order: each for each in sent}, Counter()
    assert sorted(match.line.place for match in matches) == list(range(len(lines)))
    for match in matches:
        assert bool(match.parts) != bool(match.reason)
        assert not match.parts or sum(units for _, units in match.parts) == match.line.quantity
        for order, units in match.parts:
            sale = by_order[order]
            assert (sale.buyer, sale.sku) == (match.line.buyer, match.line.sku)
            assert sale.at <= match.line.at
            taken[order] += units
    assert all(units <= by_order[order].quantity for order, units in taken.items())
