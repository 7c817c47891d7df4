"""What a committed edit does beside its lines: holds whose cause it took away, and money that moves meanwhile."""

from decimal import Decimal

import pytest

from orders.actions.money.paying import Receipt, record_payment
from orders.models import Repayment
from tests.make.edits import (
    LARGE,
    MEDIUM,
    SOCKS,
    SOON,
    add,
    edit,
    holds,
    money_of,
    open_shop,
    order_of_tees,
    preview,
    promised_to,
    set_quantity,
    swap,
)
from tests.make.moments import ADA, ONE_HOUR, ONE_MINUTE
from tests.make.orders import channel, line, open_holds, placed_order
from tests.make.stock import count, promises

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def shop():
    open_shop()


def pay(order, amount, reference="t-1"):
    receipt = Receipt(amount=Decimal(amount), currency="EUR", gateway="bank", reference=reference)
    record_payment(number=order.number, receipt=receipt, by=ADA, at=SOON)


def going_back(order):
    return [f"{each.amount:.2f}" for each in order.repayments.standing().order_by("id")]


def test_an_order_that_shrinks_to_what_was_paid_waits_for_no_payment_any_more():
    order = order_of_tees(payment=None)
    pay(order, "30.00")
    assert open_holds(order) == ["EDIT_WINDOW", "PAYMENT"]
    quote = preview(order, set_quantity(order, 1))
    assert (str(quote.to_pay), str(quote.to_get_back)) == ("0.00 EUR", "5.20 EUR")

    edit(order, set_quantity(order, 1))
    order.refresh_from_db()
    assert (order.financial_status, open_holds(order), going_back(order)) == ("PAID", ["EDIT_WINDOW"], ["5.20"])


def test_after_the_window_such_an_order_goes_out():
    order = order_of_tees(payment=None)
    pay(order, "30.00")
    edit(order, set_quantity(order, 1), actor="STAFF", at=SOON + ONE_HOUR)
    order.refresh_from_db()
    assert (order.status, open_holds(order)) == ("RELEASED", [])


def test_swapping_what_is_short_for_what_is_there_ends_the_wait_for_stock():
    channel("amazon", already_sold=True)
    count(MEDIUM, 1)
    order = placed_order([line(MEDIUM, 2)], channel="amazon", already_sold=True)
    assert open_holds(order) == ["EDIT_WINDOW", "STOCK_SHORT"]
    edit(order, swap(order))
    assert (promised_to(order.number), promises(MEDIUM), open_holds(order)) == ({LARGE: 2}, (1, 0), ["EDIT_WINDOW"])


def test_what_is_short_still_keeps_it_back():
    channel("amazon", already_sold=True)
    count(MEDIUM, 1)
    order = placed_order([line(MEDIUM, 2), line(SOCKS, 1)], channel="amazon", already_sold=True)
    edit(order, {"op": "cancel_line", "line": order.lines.get(sku=SOCKS).pk})
    assert open_holds(order) == ["EDIT_WINDOW", "STOCK_SHORT"]


def test_what_a_gateway_has_not_sent_yet_stays_here_when_the_next_edit_costs_more():
    order = order_of_tees()
    edit(order, set_quantity(order, 1))
    assert going_back(order) == ["19.90"]
    assert edit(order, add(), at=SOON + ONE_MINUTE).state == "COMMITTED"
    assert (going_back(order), money_of(order)["total"]) == (["12.40"], "32.30")


def test_what_is_on_its_way_back_pays_for_nothing_any_more():
    order = order_of_tees()
    edit(order, set_quantity(order, 1))
    Repayment.objects.update(state="PENDING", reference="re_1")
    quote = preview(order, add())
    assert (str(quote.to_pay), str(quote.to_get_back)) == ("7.50 EUR", "0.00 EUR")

    waiting = edit(order, add(), at=SOON + ONE_MINUTE)
    assert (waiting.state, waiting.checkouts.get().amount) == ("AWAITING_PAYMENT", Decimal("7.50"))
    pay(order, "7.50")
    waiting.refresh_from_db()
    assert (waiting.state, holds(order), going_back(order)) == ("COMMITTED", {MEDIUM: 1, SOCKS: 1}, ["19.90"])


def test_paying_more_than_the_edit_costs_sends_the_rest_back():
    order = order_of_tees()
    edit(order, add())
    pay(order, "10.00")
    assert (holds(order), going_back(order)) == ({MEDIUM: 2, SOCKS: 1}, ["2.50"])


def test_money_that_is_only_promised_counts_and_is_not_sent_back():
    order = order_of_tees(payment={"status": "AUTHORIZED", "reference": "auth-1"})
    quote = preview(order, set_quantity(order, 1))
    assert (str(quote.to_pay), str(quote.to_get_back)) == ("0.00 EUR", "0.00 EUR")
    assert edit(order, set_quantity(order, 1)).state == "COMMITTED"
    assert going_back(order) == []
    assert str(preview(order, add(SOCKS, 4)).to_pay) == "10.10 EUR"
