"""No share loses a cent, no order's total is anything but its parts."""

from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from oms.money import Money, fits_minor_unit, minor_unit, round_amount, split_amount
from orders.policies.totals import Extras, PricedLine, add_up
from tests.properties.profiles import PURE

CURRENCIES = st.sampled_from(["EUR", "JPY", "KWD"])
WEIGHTS = st.lists(st.decimals(0, 100_000, places=3), min_size=1, max_size=12)


@st.composite
def money(draw, *, least=-(10**9)):
    currency = draw(CURRENCIES)
    return Money(draw(st.integers(least, 10**9)) * minor_unit(currency), currency)


@given(whole=money(), weights=WEIGHTS)
@PURE
def test_shares_sum_to_the_whole_in_whole_minor_units(whole, weights):
    shares = whole.split(weights)
    assert sum((share.amount for share in shares), Decimal(0)) == whole.amount
    assert len(shares) == len(weights)


@given(whole=money(), weights=WEIGHTS.filter(any))
@PURE
def test_no_share_is_a_whole_unit_away_from_what_it_should_be(whole, weights):
    unit, total = minor_unit(whole.currency), sum(weights)
    for share, weight in zip(whole.split(weights), weights, strict=True):
        assert abs(share.amount * total - whole.amount * weight) < unit * total
        assert weight or not share.amount


@given(whole=money(least=0), weights=WEIGHTS)
@PURE
def test_a_share_of_something_is_never_negative(whole, weights):
    assert min(share.amount for share in whole.split(weights)) >= 0


@given(whole=money(), weights=WEIGHTS, factor=st.integers(1, 1_000))
@PURE
def test_only_the_proportion_of_weights_counts(whole, weights, factor):
    scaled = [weight * factor for weight in weights]
    assert split_amount(whole.amount, weights, whole.currency) == split_amount(whole.amount, scaled, whole.currency)


@st.composite
def baskets(draw):
    currency = draw(CURRENCIES)
    cents = st.integers(0, 10**7).map(lambda units: units * minor_unit(currency))
    line = st.builds(PricedLine, st.decimals("0.001", 999, places=3), st.decimals(0, 9_999, places=4), cents, cents)
    return draw(st.lists(line, min_size=1, max_size=6)), draw(st.builds(Extras, *[cents] * 5)), currency


@given(basket=baskets())
@PURE
def test_a_total_is_the_sum_of_its_parts_in_whole_minor_units(basket):
    lines, extras, currency = basket
    on_top = add_up(lines, extras, tax_included=False, currency=currency)
    included = add_up(lines, extras, tax_included=True, currency=currency)
    assert on_top.total - included.total == on_top.tax == extras.shipping_tax + sum(line.tax for line in lines)
    assert included.total == on_top.items - on_top.discounts + extras.shipping + extras.tip + extras.duty
    assert all(fits_minor_unit(figure, currency) for figure in (on_top.items, on_top.total, included.total))
    assert on_top.items == sum(round_amount(line.quantity * line.unit_price, currency) for line in lines)
