"""What comes back to which lot."""

from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from returns.policies.credit.restoring import extend_end, restore_spent
from returns.policies.credit.spending import Draw
from tests.make.moments import NOON, ONE_DAY

SPENT = [Draw(1, True, Decimal("10.00")), Draw(1, False, Decimal("45.00"))]


def test_half_of_the_goods_bring_back_half_of_the_bonus_and_half_of_the_base():
    assert restore_spent(SPENT, Decimal("27.50"), "EUR") == [
        Draw(1, True, Decimal("5.00")),
        Draw(1, False, Decimal("22.50")),
    ]


@given(st.lists(st.integers(1, 500), min_size=1, max_size=6), st.lists(st.integers(1, 300), max_size=12))
def test_however_often_something_comes_back_no_part_gets_more_than_it_gave_and_the_last_ends_exactly(parts, returned):
    left = {place: Decimal(amount).scaleb(-2) for place, amount in enumerate(parts)}
    for number in [*returned, 10**6]:
        spent = [Draw(place, False, amount) for place, amount in left.items() if amount]
        amount = min(Decimal(number).scaleb(-2), sum(left.values()))
        if not spent or not amount:
            continue
        restored = restore_spent(spent, amount, "EUR")
        assert sum(draw.amount for draw in restored) == amount
        for draw in restored:
            left[draw.lot] -= draw.amount
    assert all(amount == 0 for amount in left.values())


def test_credit_that_comes_back_after_its_end_can_be_spent_for_thirty_days():
    assert extend_end(NOON - ONE_DAY, NOON) == NOON + 30 * ONE_DAY
    assert extend_end(NOON + 90 * ONE_DAY, NOON) == NOON + 90 * ONE_DAY
    assert extend_end(None, NOON) is None
