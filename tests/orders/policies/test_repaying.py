"""Money goes back where it came from: exactly, and never more than came."""

from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from orders.policies.repaying import Repayable, Share, Unlinked, deduct_unlinked, split_surplus
from tests.properties.profiles import PURE

cents = st.integers(0, 10_000).map(lambda number: Decimal(number) / 100)


def payment(number, captured, gone="0", gateway="stripe"):
    return Repayable(number, gateway, Decimal(captured), Decimal(gone))


def shares(surplus, *payments):
    return [(share.payment, str(share.amount)) for share in split_surplus(Decimal(surplus), payments)]


@st.composite
def payments(draw):
    rows = draw(st.lists(st.tuples(cents, cents, st.sampled_from(["stripe", "sandbox"])), max_size=5))
    return [Repayable(place, name, max(a, b), min(a, b)) for place, (a, b, name) in enumerate(rows)]


def test_the_newest_payment_that_can_bear_all_of_it_does():
    assert shares("12", payment(1, "50"), payment(2, "20"), payment(3, "5")) == [(2, "12")]


def test_where_none_can_the_newest_go_first():
    assert shares("60", payment(1, "50"), payment(2, "20"), payment(3, "5")) == [(3, "5"), (2, "20"), (1, "35")]


def test_what_went_back_already_does_not_go_back_again():
    assert shares("10", payment(1, "50", "45"), payment(2, "20", "20")) == [(1, "5")]


def test_a_refund_of_an_unknown_payment_is_taken_from_its_own_gateway_first():
    rows = [payment(1, "10", gateway="paypal"), payment(2, "10"), payment(3, "10", gateway="paypal")]
    left = deduct_unlinked(rows, [Unlinked("paypal", Decimal(15)), Unlinked("cash", Decimal(4))])
    assert [str(row.left) for row in left] == ["5", "6", "0"]


@PURE
@given(cents, payments())
def test_the_shares_are_the_surplus_as_far_as_payments_can_bear_it(surplus, rows):
    left = {row.id: row.left for row in rows}
    split = split_surplus(surplus, rows)
    assert sum((share.amount for share in split), Decimal(0)) == min(surplus, sum(left.values(), Decimal(0)))
    assert all(Decimal(0) < share.amount <= left[share.payment] for share in split)
    assert len({share.payment for share in split}) == len(split)


@PURE
@given(cents, payments())
def test_one_refund_where_one_suffices(surplus, rows):
    if surplus and any(row.left >= surplus for row in rows):
        assert split_surplus(surplus, rows) == [Share(max(row.id for row in rows if row.left >= surplus), surplus)]


@PURE
@given(payments(), st.lists(st.tuples(st.sampled_from(["stripe", "cash"]), cents), max_size=4))
def test_unknown_refunds_take_away_all_they_can_and_nothing_twice(rows, refunds):
    before = sum((row.left for row in rows), Decimal(0))
    taken = sum((amount for _, amount in refunds), Decimal(0))
    after = deduct_unlinked(rows, [Unlinked(gateway, amount) for gateway, amount in refunds])
    assert sum((row.left for row in after), Decimal(0)) == max(before - taken, Decimal(0))
