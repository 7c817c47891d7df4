"""Deciding on an edit that waits for us, withdrawing it, and giving it up at its deadline."""

from decimal import Decimal

import pytest

from orders.absences import EditNotFound
from orders.actions.cancelling import cancel_order
from orders.actions.edits.approving import approve_edit, decline_edit, expire_edits, withdraw_edit
from orders.actions.money.paying import Receipt, record_payment
from orders.actions.releasing import end_edit_window
from orders.errors import EditAlreadyEnded
from orders.models import EditPermission, Refund
from tests.make.edits import (
    LARGE,
    MEDIUM,
    PARIS,
    SMALL,
    SOCKS,
    SOON,
    add,
    edit,
    holds,
    money_of,
    move,
    open_shop,
    order_of_tees,
    promised_to,
    swap,
)
from tests.make.moments import ADA, ONE_DAY, ONE_HOUR, ONE_MINUTE
from tests.make.orders import open_holds
from tests.make.snapshots import announced, facts_of, nothing_changes
from tests.make.stock import available, promises

pytestmark = pytest.mark.django_db

LATER = SOON + ONE_MINUTE


@pytest.fixture(autouse=True)
def shop():
    open_shop()


@pytest.fixture
def asked():
    """Swapping the size of the two tees needs our approval."""
    EditPermission.objects.create(
        position=0, actor="CUSTOMER", operation="swap_variant", verdict="APPROVE", sentence="Sizes are asked about."
    )
    order = order_of_tees()
    return order, edit(order, swap(order))


def approve(edit, **fields):
    return approve_edit(edit_id=edit.pk, **{"by": ADA, "at": LATER} | fields)


def decline(edit, **fields):
    return decline_edit(edit_id=edit.pk, **{"by": ADA, "at": LATER} | fields)


def withdraw(edit, **fields):
    return withdraw_edit(edit_id=edit.pk, **{"by": "customer", "at": LATER} | fields)


def as_it_was(order):
    """The order has what it had before the edit, and nothing is kept for anybody else."""
    assert (holds(order), promised_to(order.number)) == ({MEDIUM: 2}, {MEDIUM: 2})
    assert money_of(order)["total"] == "44.70"
    assert [promises(sku)[1] for sku in (SMALL, MEDIUM, LARGE, SOCKS)] == [0, 2, 0, 0]
    return True


def test_what_needs_approval_waits_with_its_stock_and_its_reason(asked):
    order, waiting = asked
    assert (waiting.state, waiting.deadline) == ("AWAITING_APPROVAL", SOON + ONE_DAY)
    assert waiting.reasons == [
        {"code": "permission", "sentence": "Sizes are asked about.", "facts": {"operation": "swap_variant"}}
    ]
    assert (promised_to(order.number), promised_to(waiting.stock_reference)) == ({MEDIUM: 2}, {LARGE: 2})
    assert open_holds(order) == ["EDIT_OPEN", "EDIT_WINDOW"]
    assert announced(order.number) == ["order.placed", "order.edit_requested", "order.held"]


def test_approved_it_is_done_and_signed(asked):
    order, waiting = asked
    done = approve(waiting, note="Fine with us.")
    assert (done.state, done.decided_by, done.decided_at, done.note) == ("COMMITTED", ADA, LATER, "Fine with us.")
    assert (holds(order), promised_to(order.number), promised_to(done.stock_reference)) == ({LARGE: 2}, {LARGE: 2}, {})
    assert (available(MEDIUM), open_holds(order)) == (10, ["EDIT_WINDOW"])
    assert facts_of("order.edited")["asked_by"] == "customer"


def test_approving_twice_is_harmless(asked):
    _, waiting = asked
    approve(waiting)
    with nothing_changes():
        assert approve(waiting, at=LATER + ONE_HOUR).state == "COMMITTED"


def test_what_costs_more_is_paid_after_it_was_approved(asked):
    order, waiting = asked
    withdraw(waiting)
    dear = edit(order, swap(order, SMALL), add(), at=LATER)
    assert (dear.state, dear.checkouts.count()) == ("AWAITING_APPROVAL", 0)
    waits = approve(dear, at=LATER + ONE_MINUTE)
    assert (waits.state, waits.ended_at) == ("AWAITING_PAYMENT", None)
    assert (waits.checkouts.get().amount, holds(order)) == (Decimal("7.50"), {MEDIUM: 2})
    with nothing_changes():
        approve(dear, at=LATER + ONE_HOUR)


def test_what_is_to_pay_is_judged_when_it_is_approved(asked):
    order, waiting = asked
    withdraw(waiting)
    dear = edit(order, swap(order, SMALL), add(), at=LATER)
    receipt = Receipt(amount=Decimal("7.50"), currency="EUR", gateway="bank", reference="t-1")
    record_payment(number=order.number, receipt=receipt, by=ADA, at=LATER)
    assert approve(dear, at=LATER + ONE_MINUTE).state == "COMMITTED"
    assert (money_of(order)["total"], order.balance.amount) == ("52.20", 0)


def test_what_was_credited_while_it_waited_stays_credited(asked):
    order, waiting = asked
    Refund.objects.create(order=order, amount=5, currency="EUR", refunded_at=SOON)
    type(order).objects.update(refunded=5, credited=5)
    approve(waiting)
    order.refresh_from_db()
    assert (order.credited, order.balance.amount, holds(order)) == (5, 0, {LARGE: 2})


def test_a_new_telephone_number_from_elsewhere_outlives_the_edit(asked):
    order, waiting = asked
    type(order).objects.update(phone="+49 30 1234567", email="new@example.com")
    approve(waiting)
    order.refresh_from_db()
    assert (order.phone, order.email) == ("+49 30 1234567", "new@example.com")


def test_declined_the_order_is_as_it_was_and_the_customer_can_try_again(asked):
    order, waiting = asked
    ended = decline(waiting, note="Not this one.")
    assert (ended.state, ended.decided_by, ended.note, ended.ended_at) == ("DECLINED", ADA, "Not this one.", LATER)
    assert as_it_was(order)
    assert open_holds(order) == ["EDIT_WINDOW"]
    assert facts_of("order.edit_ended") == {"edit": ended.pk, "state": "DECLINED", "note": "Not this one."}
    assert edit(order, swap(order, SMALL), at=LATER).state == "AWAITING_APPROVAL"


def test_declining_twice_is_harmless_and_so_is_withdrawing_twice(asked):
    order, waiting = asked
    decline(waiting)
    with nothing_changes():
        decline(waiting, note="Really not.")
    again = edit(order, swap(order), at=LATER)
    withdraw(again)
    with nothing_changes():
        withdraw(again)


def test_withdrawn_nothing_is_to_be_paid_any_more():
    order = order_of_tees()
    waiting = edit(order, add())
    assert withdraw(waiting).state == "CANCELED"
    assert as_it_was(order)
    assert waiting.checkouts.get().state == "CANCELED"


def test_an_edit_ends_once(asked):
    _, waiting = asked
    withdraw(waiting)
    for act in (approve, decline):
        with nothing_changes(), pytest.raises(EditAlreadyEnded) as refusal:
            act(waiting)
        assert refusal.value.facts == {"state": "CANCELED"}


def test_what_is_done_can_neither_be_declined_nor_withdrawn():
    order = order_of_tees()
    done = edit(order, swap(order))
    for act in (approve, decline, withdraw):
        with nothing_changes(), pytest.raises(EditAlreadyEnded):
            act(done)


def test_what_waits_for_money_is_not_ours_to_decide():
    order = order_of_tees()
    waiting = edit(order, add())
    for act in (approve, decline):
        with nothing_changes(), pytest.raises(EditAlreadyEnded):
            act(waiting)


def test_there_is_no_such_edit():
    for act in (approve_edit, decline_edit, withdraw_edit):
        with nothing_changes(), pytest.raises(EditNotFound):
            act(edit_id=9, by=ADA, at=LATER)


def test_at_its_deadline_it_is_given_up_and_not_a_moment_before():
    order = order_of_tees()
    waiting = edit(order, add())
    with nothing_changes():
        assert expire_edits(at=waiting.deadline - ONE_MINUTE) == 0
    assert expire_edits(at=waiting.deadline) == 1
    waiting.refresh_from_db()
    assert (waiting.state, waiting.ended_at) == ("EXPIRED", waiting.deadline)
    assert as_it_was(order)
    with nothing_changes():
        assert expire_edits(at=waiting.deadline + ONE_HOUR) == 0


def test_when_it_is_given_up_after_the_window_the_order_goes():
    order = order_of_tees()
    waiting = edit(order, add())
    assert expire_edits(at=waiting.deadline + ONE_HOUR) == 1
    order.refresh_from_db()
    assert (order.status, open_holds(order)) == ("RELEASED", [])
    told = ["order.hold_lifted", "checkout.ended", "order.edit_ended", "order.released"]
    assert announced(order.number)[-4:] == told


def test_the_longest_overdue_go_first_and_no_more_than_asked_for():
    waiting = [edit(order, add(), at=at) for at in (LATER, SOON) if (order := order_of_tees())]
    assert expire_edits(at=SOON + ONE_DAY, limit=1) == 1
    assert [type(each).objects.get(pk=each.pk).state for each in waiting] == ["AWAITING_PAYMENT", "EXPIRED"]


def test_money_that_comes_after_the_deadline_but_before_the_sweep_counts():
    order = order_of_tees()
    waiting = edit(order, add())
    receipt = Receipt(amount=Decimal("7.50"), currency="EUR", gateway="bank", reference="t-1")
    record_payment(number=order.number, receipt=receipt, by=ADA, at=waiting.deadline + ONE_MINUTE)
    waiting.refresh_from_db()
    assert (waiting.state, holds(order)) == ("COMMITTED", {MEDIUM: 2, SOCKS: 1})
    assert expire_edits(at=waiting.deadline + ONE_HOUR) == 0


def test_a_released_order_is_called_back_while_a_partner_waits_for_approval():
    order = order_of_tees()
    end_edit_window(number=order.number, by=ADA, at=SOON)
    waiting = edit(order, swap(order), actor="API", at=LATER)
    order.refresh_from_db()
    assert (waiting.state, order.status, open_holds(order)) == ("AWAITING_APPROVAL", "HELD", ["EDIT_OPEN"])
    approve(waiting, at=LATER + ONE_MINUTE)
    order.refresh_from_db()
    assert (order.status, holds(order)) == ("RELEASED", {LARGE: 2})


def test_a_machine_that_wants_to_cancel_asks_and_once_approved_everything_goes_back():
    order = order_of_tees()
    waiting = edit(order, {"op": "cancel_order", "reason": "asked in chat"}, actor="BOT")
    assert (waiting.state, waiting.checkouts.count()) == ("AWAITING_APPROVAL", 0)
    approve(waiting)
    order.refresh_from_db()
    assert (order.status, order.cancel_reason, promises(MEDIUM)) == ("CANCELLED", "asked in chat", (10, 0))
    assert order.repayments.standing().get().amount == Decimal("44.70")


def test_cancelling_the_order_ends_the_edit_that_waits(asked):
    order, waiting = asked
    cancel_order(number=order.number, reason="", by=ADA, at=LATER)
    waiting.refresh_from_db()
    assert (waiting.state, [promises(sku)[1] for sku in (MEDIUM, LARGE)]) == ("CANCELED", [0, 0])


def test_another_country_waits_with_all_its_reasons():
    order = order_of_tees()
    waiting = edit(order, move(PARIS))
    assert [reason["code"] for reason in waiting.reasons] == ["other_tax_area", "no_shipping_rate", "permission"]
    approve(waiting)
    order.refresh_from_db()
    assert (order.country, order.shipping_address.city) == ("FR", "Paris")
