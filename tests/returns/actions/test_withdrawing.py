"""Withdrawing from what has not left: it counts at once, stops what can be stopped, and brings back what cannot."""

from decimal import Decimal

import pytest

from oms.models import Channel, EventRecord, ExceptionItem
from oms.tasks import review_troubles
from orders.actions.edits.approving import withdraw_edit
from orders.actions.fulfilling.stopping import answer_stop
from orders.models import Edit, Order
from returns.actions.stopping_withdrawn import ask_warehouses, let_leave, retry_stopping
from returns.actions.withdrawing import withdraw_from_contract
from returns.errors import NotReturnable, NotThatManyToReturn, WithdrawalEnded
from returns.models import Return, Withdrawal
from returns.wording.letters.withdrawing import say_what_now
from tests.make.edits import add, edit, open_shop, order_of_tees, set_quantity
from tests.make.fulfillments import accepted, route, ship
from tests.make.moments import ADA, ONE_DAY, ONE_HOUR, ONE_MINUTE
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


def two_lines(*, at=BOUGHT):
    """A tee and two caps, released and in a warehouse's hands."""
    stocked_variant("CAP"), stocked_variant()
    return released_order(lines=[line(), line("CAP", 2)], at=at)


def bench() -> list[ExceptionItem]:
    """What waits for a person."""
    review_troubles()
    return list(ExceptionItem.objects.open().filter(type="withdrawal_stuck"))


def order_with_an_open_change() -> tuple[Order, Edit]:
    """Three tees, and a pair of socks more that are not paid yet."""
    open_shop()
    Channel.objects.update(gateway="sandbox")
    order = order_of_tees(3, at=BOUGHT)
    return order, edit(order, add(), at=BOUGHT + ONE_MINUTE)


def test_a_part_that_a_warehouse_has_in_hand_is_an_exception_that_says_what_was_refused_and_why():
    order = two_lines()
    number = in_hand(order)
    made = withdraw(order, {line_of(order, 1).pk: 1})

    assert (made.unsent.state, made.unsent.refusal["code"]) == ("STUCK", "order_at_warehouse")
    (trouble,) = bench()
    assert trouble.subject == order.number
    assert "from 1 × CAP, which could not be taken off: A warehouse works on" in trouble.cause
    assert number in trouble.cause
    assert facts_of("order.withdrawal_followed")["state"] == "STUCK"
    assert line_of(order, 1).open_quantity == 2


def test_its_warehouse_is_asked_and_what_it_stops_is_taken_off_by_itself():
    order = two_lines()
    number = in_hand(order)
    made = withdraw(order, {line_of(order, 1).pk: 1}).unsent
    for _ in range(2):
        ask_warehouses(withdrawal_id=made.pk, by=ADA, at=DECLARED)
    answer_stop(number=number, accepted=True, by=ADA, at=DECLARED + ONE_HOUR)
    mails()

    made.refresh_from_db()
    assert (made.state, made.refusal, made.ended_at) == ("STOPPED", {}, DECLARED + ONE_HOUR)
    assert [each.open_quantity for each in order.lines.order_by("position")] == [1, 1]
    assert not bench()
    assert not Return.objects.exists()


def test_a_part_that_leaves_in_the_middle_is_a_return_of_the_declared_moment_and_the_customer_is_told():
    order = two_lines()
    number = in_hand(order)
    made = withdraw(order, {line_of(order, 1).pk: 1}).unsent
    ship(number, at=DECLARED + ONE_HOUR)
    said = [mails() for _ in range(2)][-1]

    made.refresh_from_db()
    assert (made.state, made.of.kind, made.of.withdrawn_at) == ("RETURNING", "WITHDRAWAL", DECLARED)
    assert [(each.line_id, each.quantity) for each in made.of.items.all()] == [(line_of(order, 1).pk, 1)]
    assert any(f"Order {order.number} has left all the same" in mail.subject for mail in said)
    assert sum("We have received your withdrawal" in mail.subject for mail in said) == 1
    assert not bench()


def test_staff_may_let_it_leave_and_the_page_says_so():
    order = two_lines()
    in_hand(order)
    made = withdraw(order, {line_of(order, 1).pk: 1}).unsent
    let_leave(withdrawal_id=made.pk, by=ADA, at=DECLARED)
    assert (Withdrawal.objects.get().state, bench()) == ("LEAVING", [])
    assert "It cannot be stopped any more" in say_what_now(Withdrawal.objects.get())


def test_a_change_that_waits_stands_against_it_until_it_is_given_up():
    order, change = order_with_an_open_change()
    made = withdraw(order, {line_of(order).pk: 1}).unsent
    assert (made.state, made.refusal["code"]) == ("STUCK", "edit_open")
    withdraw_edit(edit_id=change.pk, by=ADA, at=DECLARED)
    mails()

    made.refresh_from_db()
    assert made.state == "STOPPED"
    assert line_of(order).open_quantity == 2


def test_what_staff_took_off_by_hand_is_not_brought_back_once_more():
    order, change = order_with_an_open_change()
    made = withdraw(order, {line_of(order).pk: 1}).unsent
    let_leave(withdrawal_id=made.pk, by=ADA, at=DECLARED)
    withdraw_edit(edit_id=change.pk, by=ADA, at=DECLARED)
    edit(order, set_quantity(order, 2), actor="STAFF", at=DECLARED)
    mails()
    made.refresh_from_db()
    assert (made.state, Return.objects.count()) == ("STOPPED", 0)


def test_what_was_declared_cannot_be_declared_again():
    order = two_lines()
    in_hand(order)
    cap = line_of(order, 1).pk
    withdraw(order, {cap: 2})
    with nothing_changes(), pytest.raises((NotReturnable, NotThatManyToReturn)):
        withdraw(order, {cap: 1}, form="f2")


def test_trying_again_in_vain_changes_nothing_and_an_ended_one_is_refused():
    order = two_lines()
    in_hand(order)
    made = withdraw(order, {line_of(order, 1).pk: 1}).unsent
    with nothing_changes():
        assert retry_stopping(withdrawal_id=made.pk, by=ADA, at=DECLARED).state == "STUCK"
    Withdrawal.objects.update(state="STOPPED", ended_at=DECLARED)
    with nothing_changes(), pytest.raises(WithdrawalEnded):
        let_leave(withdrawal_id=made.pk, by=ADA, at=DECLARED)
