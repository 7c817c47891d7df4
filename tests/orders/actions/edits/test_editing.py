"""Editing an order: whole or nothing, settled on the balance, with stock promised before any is let go."""

from decimal import Decimal

import pytest

from orders.actions.money.paying import Receipt, record_payment
from orders.models import Order, Repayment
from tests.make.edits import (
    LARGE,
    MEDIUM,
    PARIS,
    SMALL,
    SOCKS,
    SOON,
    add,
    cancel_line,
    edit,
    holds,
    money_of,
    move,
    open_shop,
    order_of_tees,
    preview,
    promised_to,
    rate,
    set_quantity,
    swap,
    tax,
)
from tests.make.moments import ADA, ONE_MINUTE
from tests.make.orders import channel, line, open_holds, placed_order
from tests.make.snapshots import announced, facts_of, nothing_changes
from tests.make.stock import count

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def shop():
    open_shop()


def pay(order, amount, *, reference="ch_9", at=SOON + ONE_MINUTE):
    receipt = Receipt(amount=Decimal(amount), currency="EUR", gateway="manual", reference=reference)
    return record_payment(number=order.number, receipt=receipt, by=ADA, at=at)


def repayments():
    """What is on its way back to customers."""
    underway = Repayment.objects.standing().order_by("id")
    return [f"{amount:.2f}" for amount in underway.values_list("amount", flat=True)]


# --- what can be changed -------------------------------------------------------------------------------------


def test_swapping_the_size_moves_the_promise_and_costs_nothing():
    order = order_of_tees()
    before = money_of(order)
    done = edit(order, swap(order))
    assert done.state == "COMMITTED"
    assert (holds(order), promised_to(order.number)) == ({LARGE: 2}, {LARGE: 2})
    assert money_of(order) == before
    assert (repayments(), open_holds(order)) == ([], ["EDIT_WINDOW"])
    facts = facts_of("order.edited")
    assert facts["changes"] == {
        "line 1": {
            "before": {"sku": MEDIUM, "title": "Linen tee", "quantity": "2", "unit_price": "19.9"},
            "after": {"sku": LARGE, "title": "Linen tee", "quantity": "2", "unit_price": "19.9"},
        }
    }


def test_swapping_one_of_two_splits_the_line_to_the_cent():
    order = order_of_tees()
    before = money_of(order)
    edit(order, swap(order, quantity=1))
    assert (holds(order), promised_to(order.number)) == ({MEDIUM: 1, LARGE: 1}, {MEDIUM: 1, LARGE: 1})
    assert money_of(order) == before


@pytest.mark.parametrize("turned", [False, True])
def test_fewer_of_another_size_is_one_edit_one_repayment_and_the_same_as_two_edits(turned):
    at_once, in_two = order_of_tees(3), order_of_tees(3)
    both = [swap(at_once), set_quantity(at_once, 1)]
    edit(at_once, *(reversed(both) if turned else both))
    edit(in_two, swap(in_two))
    edit(in_two, set_quantity(in_two, 1, of=LARGE))

    assert holds(at_once) == holds(in_two) == promised_to(at_once.number) == promised_to(in_two.number) == {LARGE: 1}
    assert money_of(at_once) == money_of(in_two)
    assert repayments() == ["39.80", "39.80"]


def test_more_of_another_size_needs_stock_of_that_size_alone():
    order = order_of_tees()
    count(MEDIUM, 2)
    waits = edit(order, swap(order), set_quantity(order, 3), actor="STAFF")
    assert (promised_to(order.number), promised_to(waits.stock_reference)) == ({MEDIUM: 2}, {LARGE: 3})
    pay(order, "19.90")
    assert promised_to(order.number) == holds(order) == {LARGE: 3}


def test_an_address_of_the_same_tax_area_is_changed_at_once():
    order = order_of_tees()
    old = order.shipping_address
    edit(order, move())
    order.refresh_from_db()
    assert (order.shipping_address.line1, order.country) == ("Marienplatz 1", "DE")
    old.refresh_from_db()
    assert old.line1 == "Torstr. 1"


def test_contact_is_changed_in_part():
    order = order_of_tees()
    edit(order, {"op": "change_contact", "email": "New@Example.com"})
    order.refresh_from_db()
    assert (order.email, order.phone) == ("new@example.com", "")


def test_a_contact_that_a_channel_told_us_stays_as_it_is_beside_a_new_one():
    order = order_of_tees()
    Order.objects.update(phone="ask the porter")
    edit(order, {"op": "change_contact", "email": "new@example.com", "phone": "ask the porter"})
    order.refresh_from_db()
    assert (order.email, order.phone) == ("new@example.com", "ask the porter")


def test_fewer_pays_back_once_and_frees_stock():
    order = order_of_tees()
    edit(order, set_quantity(order, 1))
    assert (holds(order), promised_to(order.number)) == ({MEDIUM: 1}, {MEDIUM: 1})
    assert money_of(order) | {"tax_total": ""} == {
        "item_total": "19.90", "discount_total": "0.00", "shipping_total": "4.90", "tax_total": "",
        "total": "24.80", "paid": "44.70", "refunded": "0.00",
    }  # fmt: skip
    assert repayments() == ["19.90"]


def test_a_cancelled_line_stays_with_nothing_on_it():
    order = order_of_tees()
    edit(order, add(SOCKS, 2), actor="STAFF")
    pay(order, "15.00")
    edit(order, cancel_line(order), at=SOON + 2 * ONE_MINUTE)
    assert holds(order) == {SOCKS: 2}
    gone = order.lines.get(sku=MEDIUM)
    assert (gone.quantity, gone.tax) == (0, 0)
    assert money_of(order)["total"] == "19.90"


def test_all_operations_are_done_in_one_step():
    order = order_of_tees()
    edit(order, swap(order, SMALL), move(), {"op": "change_contact", "phone": "+49 30 1234567"})
    order.refresh_from_db()
    assert (holds(order), order.shipping_address.city, order.phone) == ({SMALL: 2}, "München", "+49 30 1234567")
    assert announced(order.number) == ["order.placed", "order.edited"]


def test_cancelling_the_whole_order_is_an_edit_too():
    order = order_of_tees()
    edit(order, {"op": "cancel_order", "reason": "too late"})
    order.refresh_from_db()
    assert (order.status, order.cancel_reason, promised_to(order.number)) == ("CANCELLED", "too late", {})
    assert repayments() == ["44.70"]


# --- upward: waits for its payment ---------------------------------------------------------------------------


def test_an_edit_that_costs_more_waits_and_leaves_the_order_as_it_is():
    order = order_of_tees()
    waiting = edit(order, add())
    assert (waiting.state, waiting.deadline) == ("AWAITING_PAYMENT", SOON + 30 * ONE_MINUTE)
    assert (holds(order), promised_to(order.number)) == ({MEDIUM: 2}, {MEDIUM: 2})
    assert promised_to(waiting.stock_reference) == {SOCKS: 1}
    assert (money_of(order)["total"], open_holds(order)) == ("44.70", ["EDIT_OPEN", "EDIT_WINDOW"])
    checkout = waiting.checkouts.get()
    assert (checkout.amount, checkout.state) == (Decimal("7.50"), "REQUESTED")
    assert announced(order.number) == ["order.placed", "order.edit_requested", "order.held"]


def test_once_paid_it_is_done():
    order = order_of_tees()
    waiting = edit(order, add())
    pay(order, "7.50")
    waiting.refresh_from_db()
    order.refresh_from_db()
    assert (waiting.state, order.financial_status, order.balance.amount) == ("COMMITTED", "PAID", 0)
    assert (holds(order), promised_to(order.number)) == ({MEDIUM: 2, SOCKS: 1}, {MEDIUM: 2, SOCKS: 1})
    assert (promised_to(waiting.stock_reference), open_holds(order)) == ({}, ["EDIT_WINDOW"])
    assert waiting.checkouts.get().state != "REQUESTED"


def test_the_same_payment_told_again_does_nothing():
    order = order_of_tees()
    edit(order, add())
    pay(order, "7.50")
    with nothing_changes():
        pay(order, "7.50", at=SOON + 5 * ONE_MINUTE)


def test_paying_too_little_is_not_enough():
    order = order_of_tees()
    waiting = edit(order, add())
    pay(order, "7.00")
    waiting.refresh_from_db()
    assert (waiting.state, holds(order)) == ("AWAITING_PAYMENT", {MEDIUM: 2})


def test_an_order_that_is_not_paid_yet_waits_for_its_payment_anyway():
    order = order_of_tees(payment={"status": "PENDING"})
    done = edit(order, add())
    assert (done.state, money_of(order)["total"]) == ("COMMITTED", "52.20")
    assert open_holds(order) == ["EDIT_WINDOW", "PAYMENT"]


def test_a_dearer_size_costs_what_the_catalogue_asks_more():
    order = order_of_tees()
    order.lines.get().variant.product.variants.filter(sku=LARGE).update(price="24.90")
    quote = preview(order, swap(order))
    assert (str(quote.to_pay), str(quote.after.total)) == ("10.00 EUR", "54.70 EUR")


# --- shipping and tax ----------------------------------------------------------------------------------------


def test_losing_free_shipping_charges_it_and_reaching_it_gives_it_back():
    rate("4.90", free_from="50")
    order = order_of_tees(3, shipping={"method": "standard", "amount": "0.00"})
    assert str(preview(order, set_quantity(order, 2)).after.shipping) == "4.90 EUR"
    poor = order_of_tees(2)
    assert str(preview(poor, set_quantity(poor, 3)).after.shipping) == "0.00 EUR"


def test_shipping_that_the_table_does_not_explain_stays():
    rate("9.90")
    order = order_of_tees()
    assert str(preview(order, set_quantity(order, 1)).after.shipping) == "4.90 EUR"


def test_tax_follows_the_goods_at_their_own_rate():
    order = order_of_tees()
    assert str(preview(order, set_quantity(order, 1)).after.tax) == "3.96 EUR"
    assert str(preview(order, add(SOCKS, 2)).after.tax) == "9.52 EUR"


def test_another_tax_area_waits_for_us_unless_the_table_knows_it():
    order = order_of_tees()
    quote = preview(order, move(PARIS), actor="API")
    assert (quote.verdict, [reason.code for reason in quote.reasons]) == (
        "APPROVE", ["other_tax_area", "no_shipping_rate"],
    )  # fmt: skip
    tax("20", country="FR")
    rate("4.90", country="FR")
    known = preview(order, move(PARIS), actor="API")
    assert (known.verdict, str(known.after.tax)) == ("ALLOW", "7.41 EUR")


def test_a_discount_on_the_order_leaves_with_the_goods_and_never_grows():
    order = order_of_tees(discount="4.00", total="40.70")
    assert str(preview(order, set_quantity(order, 1)).after.discount) == "2.00 EUR"
    assert str(preview(order, set_quantity(order, 3)).after.discount) == "4.00 EUR"


# --- low stock -----------------------------------------------------------------------------------------------


def test_an_edit_that_leaves_stock_low_sends_the_order_out_at_once():
    count(SOCKS, 1)
    order = order_of_tees(payment={"status": "PENDING"})
    quote = preview(order, add())
    assert (quote.ends_window, quote.low_skus) == (True, (SOCKS,))
    edit(order, add())
    window = order.holds.get(reason="EDIT_WINDOW")
    assert window.closed_because == {"code": "low_stock", "skus": [SOCKS]}
    assert open_holds(order) == ["PAYMENT"]
    assert "order.window_ended" in announced(order.number)


def test_two_lines_of_one_sku_add_up():
    channel()
    order = placed_order([line(MEDIUM, 1), line(MEDIUM, 2)])
    edit(order, {"op": "swap_variant", "line": order.lines.first().pk, "sku": LARGE})
    assert promised_to(order.number) == {LARGE: 1, MEDIUM: 2}
