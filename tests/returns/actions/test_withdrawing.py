"""Withdrawing from what has not left: it counts at once, stops what can be stopped, and brings back what cannot."""

from decimal import Decimal

import pytest

from oms.models import EventRecord
from orders.actions.fulfilling.stopping import answer_stop
from orders.models import Order
from returns.actions.withdrawing import withdraw_from_contract
from returns.models import Return, Withdrawal
from tests.make.fulfillments import accepted, route, ship
from tests.make.moments import ADA, ONE_DAY, ONE_HOUR
from tests.make.orders import line, placed_order, released_order
from tests.make.portal import mails
from tests.make.returns import BOUGHT, delivered_order, line_of, terms_in_force
from tests.make.snapshots import facts_of, nothing_changes
from tests.make.stock import available, stocked_variant

pytestmark = pytest.mark.django_db

DECLARED = BOUGHT + 2 * ONE_HOUR


@pytest.fixture(autouse=True)
def _terms() -> None:
    terms_in_force({})


def withdraw(order: Order, units: dict[int, int] | None = None, *, form: str = "f1"):
    units = units or {line_of(order).pk: 1}
    wanted = {key: Decimal(quantity) for key, quantity in units.items()}
    return withdraw_from_contract(number=order.number, units=wanted, form=form, by="customer", at=DECLARED)


def now(order: Order) -> Order:
    return Order.objects.get(pk=order.pk)


def in_hand(order: Order) -> str:
    """A warehouse has accepted it."""
    route(at=BOUGHT)
    return accepted(order, at=BOUGHT).number


def test_of_an_order_that_nobody_touched_it_cancels_and_says_so_at_once():
    order = placed_order(at=BOUGHT)
    made = withdraw(order)

    assert (made.of, made.unsent.state, now(order).status) == (None, "STOPPED", "CANCELLED")
    assert facts_of("order.withdrawn")["items"] == [{"line": line_of(order).pk, "quantity": "1"}]
    assert not Return.objects.exists()


def test_the_receipt_names_the_day_and_the_second_and_what_was_declared():
    order = placed_order(at=BOUGHT)
    withdraw(order)
    mail = next(each for each in mails() if "withdrawal" in each.subject)
    assert f"I withdraw from the contract of order {order.number}" in mail.body
    assert "(Berlin time)" in mail.body
    assert "Nothing of it is sent any more." in mail.body


def test_the_same_form_twice_is_one_statement():
    order = placed_order(at=BOUGHT)
    first = withdraw(order)
    with nothing_changes():
        assert withdraw(order) == first


def test_of_two_lines_only_the_one_is_stopped():
    stocked_variant("CAP"), stocked_variant()
    order = placed_order([line(), line("CAP", 2)], at=BOUGHT)
    made = withdraw(order, {line_of(order, 1).pk: 1})
    assert (made.unsent.state, now(order).status) == ("STOPPED", "HELD")
    assert [each.open_quantity for each in order.lines.order_by("position")] == [1, 1]


def test_what_a_warehouse_has_in_hand_waits_for_its_answer_and_is_stopped():
    order = released_order(at=BOUGHT)
    number = in_hand(order)
    assert withdraw(order).unsent.state == "WAITING"
    answer_stop(number=number, accepted=True, by=ADA, at=DECLARED + ONE_HOUR)
    mails()
    assert (Withdrawal.objects.get().state, now(order).status) == ("STOPPED", "CANCELLED")
    assert not Return.objects.exists()


def test_what_leaves_all_the_same_comes_back_as_a_withdrawal_of_that_same_moment():
    order = released_order(at=BOUGHT)
    number = in_hand(order)
    withdraw(order)
    ship(number, at=DECLARED + ONE_HOUR)
    for _ in range(2):
        mails()

    made = Return.objects.get()
    assert (made.kind, made.withdrawn_at, made.status) == ("WITHDRAWAL", DECLARED, "OPEN")
    declared = Withdrawal.objects.get()
    assert (declared.state, declared.of) == ("RETURNING", made)
    assert line_of(order).returned_quantity == 1


def test_what_has_left_already_is_a_return_as_ever():
    order = delivered_order()
    made = withdraw_from_contract(
        number=order.number, units={line_of(order).pk: Decimal(1)}, form="f1", by="customer", at=BOUGHT + 3 * ONE_DAY
    )
    assert (made.unsent, made.of.kind) == (None, "WITHDRAWAL")
    assert not EventRecord.objects.filter(type="order.withdrawn").exists()


def test_its_stock_is_free_for_others():
    stocked_variant(on_hand=5)
    order = placed_order(at=BOUGHT)
    assert available("TEE-M-BLK") == 4
    withdraw(order)
    assert available("TEE-M-BLK") == 5
