"""However little or much goods are worth, the estimate of their duty stays sane."""

from datetime import date
from decimal import Decimal

from hypothesis import assume, given
from hypothesis import strategies as st

from orders.policies.routing.borders import read_borders
from orders.policies.routing.duties import Item, estimate_duty
from tests.properties.profiles import PURE

COUNTRIES = ["DE", "FR", "XI", "GB", "US", "CA", "MX", "CN", "JP", "CH", "LI", "NO", "TR", "AE", "SA", "AU", "KR", "BR"]
KINDS = ["610910", "640411", "420221", "851713", "940161", "330499", ""]

countries, days = st.sampled_from(COUNTRIES), st.dates(date(2020, 1, 1), date(2029, 12, 31))
currencies = st.sampled_from(["EUR", "USD", "JPY", "GBP", "XAF"])
values = st.decimals(0, 20_000, places=2)
items = st.builds(
    Item, st.sampled_from(KINDS), st.sampled_from(["", *COUNTRIES]), values, st.integers(1, 9).map(Decimal)
)


@given(st.lists(items, min_size=1, max_size=4), countries, countries, days, currencies)
@PURE
def test_nobody_is_ever_owed_a_duty(goods, sent_from, sent_to, at, currency):
    due = estimate_duty(goods, from_country=sent_from, to_country=sent_to, at=at, currency=currency)
    assert due.duty >= 0
    assert due.tax >= 0
    assert due.why


@given(st.lists(items, min_size=1, max_size=4), st.data(), days)
@PURE
def test_inside_a_union_no_duty_is_due(goods, data, at):
    union = data.draw(st.sampled_from([each for each in read_borders().unions if each.holds(at)]))
    pair = st.sampled_from(sorted(union.members - {"EU"}))
    sent_from, sent_to = data.draw(pair), data.draw(pair)
    due = estimate_duty(goods, from_country=sent_from, to_country=sent_to, at=at, currency="EUR")
    assert due.duty == 0
    assert due.tax == 0 or not union.one_tax


@given(items, countries, countries, days, st.decimals(1, 3, places=2))
@PURE
def test_on_the_same_side_of_a_limit_dearer_goods_never_pay_less(item, sent_from, sent_to, at, factor):
    more = Item(item.hs_code, item.origin, item.value * factor, item.quantity)
    first, second = (
        estimate_duty([each], from_country=sent_from, to_country=sent_to, at=at, currency="EUR")
        for each in (item, more)
    )
    assume(first.code == second.code)
    assert first.duty <= second.duty


@given(items, countries, countries, days)
@PURE
def test_two_of_a_kind_pay_what_one_of_twice_the_value_pays(item, sent_from, sent_to, at):
    one = Item(item.hs_code, item.origin, item.value * item.quantity, Decimal(1))
    both = [
        estimate_duty([each], from_country=sent_from, to_country=sent_to, at=at, currency="EUR") for each in (item, one)
    ]
    assert both[0] == both[1]
