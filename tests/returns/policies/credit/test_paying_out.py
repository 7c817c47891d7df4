"""What base costs of its bonus when it becomes money."""

from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from returns.policies.credit.paying_out import LotState, PayOut, judge_pay_out


def lot(bonus_left: str = "10.00", **fields: Decimal) -> LotState:
    state = {"base": Decimal(100), "bonus": Decimal(10), "paid_before": Decimal(0), "bonus_before": Decimal(0)}
    return LotState(**(state | {"bonus_left": Decimal(bonus_left)} | fields))


def test_whoever_takes_half_of_it_as_money_gives_up_half_of_the_bonus():
    assert judge_pay_out(lot(), Decimal(50), "EUR") == PayOut(Decimal(50), Decimal(5), Decimal(50))


def test_a_bonus_that_was_spent_already_is_deducted():
    assert judge_pay_out(lot("0.00"), Decimal(100), "EUR") == PayOut(Decimal(100), Decimal(0), Decimal(90))


cents = st.integers(0, 10_000).map(lambda number: Decimal(number).scaleb(-2))


@given(base=cents, bonus=cents, spent=cents, takes=st.lists(cents, max_size=8))
def test_money_and_goods_together_never_gain_more_of_the_bonus_than_the_share_that_stayed_credit(
    base: Decimal, bonus: Decimal, spent: Decimal, takes: list[Decimal]
) -> None:
    bonus = min(bonus, base)
    bonus_spent = min(spent, bonus)
    base_spent = min(spent - bonus_spent, base)
    base_left, bonus_left, money, paid, given_up = (
        base - base_spent,
        bonus - bonus_spent,
        Decimal(0),
        Decimal(0),
        Decimal(0),
    )
    for take in takes:
        state = LotState(base, bonus, bonus_left, paid, given_up)
        out = judge_pay_out(state, min(take, base_left), "EUR")
        base_left, bonus_left = base_left - out.base, bonus_left - out.bonus
        money, paid = money + out.money, paid + out.base
        given_up += out.bonus + out.base - out.money

    everything = money + base_spent + bonus_spent + base_left + bonus_left
    assert everything <= base + (bonus * (base - paid) / base if base else bonus) + (
        0 if given_up >= bonus * paid / (base or 1) else bonus * paid / base - given_up
    )
    assert money <= paid
    assert money + base_spent <= base
