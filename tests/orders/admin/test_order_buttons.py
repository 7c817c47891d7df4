from decimal import Decimal

import pytest

from inventory.models import Availability
from oms.models import EventRecord
from orders.actions.holding import hold_order
from orders.models import Edit, Hold, Order, Payment
from tests.make.admin import NOW, table_rows, text_of
from tests.make.edits import staff_must_ask
from tests.make.moments import ADA, NOON
from tests.make.orders import open_holds, placed_order, released_order
from tests.make.staff import browser, said

pytestmark = pytest.mark.django_db


def button(order: Order, name: str) -> str:
    return f"/admin/orders/order/{order.number}/do/{name}/"


def press(order: Order, name: str, **answer):
    response = browser().post(button(order, name), answer)
    order.refresh_from_db()
    return response


def events_since(order: Order, count: int) -> list[str]:
    types = EventRecord.objects.about("order", order.number).values_list("type", flat=True)
    return list(types)[count:]


@pytest.mark.parametrize("name", ["hold", "release", "cancel", "payment"])
def test_a_button_asks_before_it_does_anything(name):
    order = placed_order(payment={"status": "PENDING"})

    response = browser().get(button(order, name))

    assert response.status_code == 200
    assert 'name="csrfmiddlewaretoken"' in response.content.decode()
    assert events_since(order, 1) == []


def test_releasing_ends_the_edit_window_now():
    order = placed_order()

    response = press(order, "release")

    assert response["Location"] == f"/admin/orders/order/{order.number}/change/"
    assert said(response) == [f"The edit window has ended. Order {order.number} is on its way to the warehouse."]
    assert (order.status, order.released_at) == (Order.Status.RELEASED, NOW)
    assert events_since(order, 1) == ["order.window_ended", "order.released"]


def test_releasing_says_what_else_holds_the_order():
    order = placed_order(payment={"status": "PENDING"})

    response = press(order, "release")

    assert said(response) == [f"The edit window has ended. Order {order.number} is still held: waiting for payment."]
    assert open_holds(order) == ["PAYMENT"]


def test_what_an_action_refuses_is_said_in_its_words_and_changes_nothing():
    order = placed_order(payment={"status": "PENDING"})
    press(order, "release")
    before = EventRecord.objects.count()

    response = press(order, "release")

    assert response.status_code == 302
    assert "is still held" in said(response)[0]
    assert order.status == Order.Status.HELD
    assert EventRecord.objects.count() == before


def test_holding_writes_down_why_and_who():
    order = released_order()

    response = press(order, "hold", reason="FRAUD_REVIEW", detail="Card from another country")

    hold = order.holds.get(reason="FRAUD_REVIEW")
    assert (hold.detail, hold.opened_by, hold.opened_at) == ("Card from another country", "staff:ada", NOW)
    assert order.status == Order.Status.HELD
    assert said(response) == [f"Order {order.number} is held for: fraud review."]


def test_holding_for_a_reason_that_is_not_offered_is_not_done():
    order = placed_order()

    response = press(order, "hold", reason="EDIT_WINDOW")

    assert response.status_code == 422
    assert open_holds(order) == ["EDIT_WINDOW"]


def test_lifting_the_last_hold_sends_the_order_out():
    order = placed_order()
    hold = hold_order(number=order.number, reason="STAFF", by=ADA, at=NOON)
    press(order, "release")
    page = f"/admin/orders/order/{order.number}/holds/{hold.pk}/lift/"
    assert "no longer held for: held by staff" in text_of(browser("bob").get(page))

    response = browser("eve").post(page)

    order.refresh_from_db()
    assert order.status == Order.Status.RELEASED
    assert said(response) == [
        f"No longer held for: held by staff. Order {order.number} is on its way to the warehouse."
    ]
    assert Hold.objects.get(pk=hold.pk).closed_by == "staff:eve"


def test_lifting_what_only_its_cause_can_end_is_refused():
    order = placed_order()
    window = order.holds.get()

    response = browser().post(f"/admin/orders/order/{order.number}/holds/{window.pk}/lift/")

    assert said(response) == ["The edit window ends by itself; release the order to end it now."]
    assert open_holds(order) == ["EDIT_WINDOW"]


def test_a_hold_of_another_order_cannot_be_lifted_from_here():
    order, other = placed_order(), placed_order()
    hold = hold_order(number=other.number, reason="STAFF", by=ADA, at=NOON)

    response = browser().post(f"/admin/orders/order/{order.number}/holds/{hold.pk}/lift/")

    assert response.status_code == 404
    assert "STAFF" in open_holds(other)


def test_cancelling_frees_the_stock_and_says_what_is_owed_back():
    order = placed_order()

    response = press(order, "cancel", reason="customer", note="Found it cheaper")

    assert (order.status, order.cancel_reason) == (Order.Status.CANCELLED, "Customer asked for it: Found it cheaper")
    assert Availability.objects.get().promised == 0
    assert said(response) == [f"Order {order.number} is cancelled. 19.90 EUR is owed back to the customer."]


def test_cancelling_by_staff_is_on_record_as_their_change():
    order = placed_order()

    press(order, "cancel", reason="fraud", note="")

    change = order.edits.get()
    assert (change.state, change.actor, change.by) == (Edit.State.COMMITTED, Edit.Actor.STAFF, "staff:ada")
    assert change.operations == [{"op": "cancel_order", "reason": "Fraud"}]


def test_cancelling_beyond_what_staff_may_waits_for_approval_and_cancels_nothing():
    order = placed_order()
    staff_must_ask()

    response = press(order, "cancel", reason="customer", note="")

    assert said(response) == [
        f"Order {order.number} is not cancelled yet: that waits for approval, and the order is held until then."
    ]
    assert (order.status, open_holds(order)) == (Order.Status.HELD, ["EDIT_OPEN", "EDIT_WINDOW"])
    assert Availability.objects.get().promised == 1
    assert order.edits.get().state == Edit.State.AWAITING_APPROVAL
    assert events_since(order, 1) == ["order.edit_requested", "order.held"]


def test_cancelling_what_staff_may_not_is_refused_and_changes_nothing():
    order = placed_order()
    staff_must_ask(verdict="REFUSE", sentence="Only the web shop cancels.")

    response = press(order, "cancel", reason="customer", note="")

    assert said(response) == ["Only the web shop cancels."]
    assert (order.status, events_since(order, 1)) == (Order.Status.HELD, [])
    assert not order.edits.exists()


def test_a_closed_order_is_not_cancelled():
    order = placed_order(fulfilled_at=NOON.isoformat())

    response = press(order, "cancel", reason="customer", note="")

    assert said(response) == [f"Order {order.number} is closed: nothing of it is left to ship."]
    assert order.status == Order.Status.CLOSED


def test_a_recorded_payment_ends_the_hold_for_it():
    order = placed_order(payment={"status": "PENDING"})

    press(order, "payment", amount="19.90", gateway="bank_transfer", reference="TX-1")

    payment = order.payments.get(reference="TX-1")
    assert (payment.amount, payment.status) == (Decimal("19.90"), Payment.Status.CAPTURED)
    assert order.financial_status == Order.FinancialStatus.PAID
    assert open_holds(order) == ["EDIT_WINDOW"]


def test_who_records_more_than_is_owed_is_told_that_it_waits_to_go_back():
    order = placed_order(payment={"status": "PENDING"})

    response = press(order, "payment", amount="25.00", gateway="bank_transfer", reference="TX-1")

    assert "5.10 EUR is more than is owed: it waits under Repayments." in said(response)[0]
    waiting = table_rows(browser().get("/admin/orders/repayment/"))
    assert [(each.order_id, each.state) for each in waiting] == [(order.pk, "BY_HAND")]


def test_the_form_proposes_what_is_still_owed():
    order = placed_order(payment={"status": "PENDING"})

    assert 'value="19.90"' in browser().get(button(order, "payment")).content.decode()


def test_the_same_reference_with_another_amount_is_refused():
    order = placed_order(payment={"status": "PENDING"})
    press(order, "payment", amount="5.00", gateway="cash", reference="R-1")

    response = browser("bob").post(button(order, "payment"), {"amount": "6.00", "gateway": "cash", "reference": "R-1"})

    assert "R-1 is on record with 5.00" in said(response)[0]
    assert order.payments.filter(reference="R-1").count() == 1


@pytest.mark.parametrize("amount", ["0", "-5", "19.901", "much"])
def test_an_amount_that_cannot_be_is_pointed_out(amount):
    order = placed_order(payment={"status": "PENDING"})

    response = press(order, "payment", amount=amount, gateway="cash", reference="")

    assert response.status_code == 422
    assert not order.payments.filter(status=Payment.Status.CAPTURED).exists()


def test_buttons_that_make_no_sense_are_not_shown():
    order = placed_order()
    press(order, "cancel", reason="customer", note="")

    html = browser("bob").get(f"/admin/orders/order/{order.number}/change/").content.decode()

    assert "/do/" not in html


def test_there_is_no_button_of_another_name():
    assert browser().post(button(placed_order(), "explode")).status_code == 404


def test_a_click_from_another_site_does_nothing():
    order = placed_order()
    client = browser()
    client.handler.enforce_csrf_checks = True

    response = client.post(button(order, "cancel"), {"reason": "customer"})

    order.refresh_from_db()
    assert response.status_code == 403
    assert order.status == Order.Status.HELD
