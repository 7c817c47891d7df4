"""What a Shopify order costs, what was paid and what went back, to the cent and in the shop's currency."""

from decimal import Decimal
from typing import Any

import pytest

from orders.channels import shopify
from orders.channels.port import IncomingRefundNotice
from tests.orders.channels.messages import (
    Reader,
    money_set,
    shopify_line,
    shopify_order,
    shopify_refund,
    shopify_refund_line,
    shopify_transaction,
    sum_of,
)

reader = Reader(shopify, channel="web", topic="orders/create")
read, refuse = reader.read, reader.refuse


def shipping_line(price: str, **members: Any) -> dict[str, Any]:
    return {"title": "DHL", "price": price, "tax_lines": [], "discount_allocations": []} | members


def test_items_shipping_and_tax_come_to_the_stated_total():
    order = read(shopify_order())

    assert order.total == sum_of(order) == Decimal("53.55")
    assert (order.shipping.method, order.shipping.amount, order.shipping.tax) == (
        "DHL",
        Decimal("5.00"),
        Decimal("0.95"),
    )


def test_a_gross_order_adds_no_tax():
    order = read(shopify_order(taxes_included=True, total_price="45.00"))

    assert order.tax_included
    assert sum_of(order) == Decimal("45.00")


def test_every_discount_of_a_line_is_the_lines():
    allocations = [{"amount": "4.00"}, {"amount": "1.00"}]
    line = shopify_line(discount_allocations=allocations)

    order = read(shopify_order(line_items=[line], total_discounts="5.00", total_price="48.55"))

    assert (order.lines[0].discount, order.discount) == (Decimal("5.00"), 0)
    assert sum_of(order) == order.total


def test_a_discount_that_no_line_has_is_the_orders():
    line = shopify_line(total_discount="2.00")
    del line["discount_allocations"]

    order = read(shopify_order(line_items=[line], total_discounts="5.00", total_price="48.55"))

    assert (order.lines[0].discount, order.discount) == (Decimal("2.00"), Decimal("3.00"))
    assert sum_of(order) == order.total


@pytest.mark.parametrize(
    "free",
    [
        shipping_line("5.00", discount_allocations=[{"amount": "5.00"}], discounted_price="0.00"),
        shipping_line("5.00", discounted_price="0.00"),
    ],
)
def test_free_shipping_costs_nothing(free: dict[str, Any]):
    order = read(shopify_order(shipping_lines=[free], total_discounts="5.00", total_tax="7.60", total_price="47.60"))

    assert (order.shipping.amount, order.discount) == (0, 0)
    assert sum_of(order) == order.total


def test_a_shipping_line_that_was_taken_off_costs_nothing():
    lines = [shipping_line("9.00", is_removed=True), shipping_line("5.00")]

    assert read(shopify_order(shipping_lines=lines)).shipping.amount == Decimal("5.00")


def test_tax_that_is_told_for_the_order_only_is_shared_by_what_lines_cost():
    lines = [
        shopify_line(id=11, quantity=1, price="30.00", tax_lines=[]),
        shopify_line(id=12, quantity=1, price="10.00", tax_lines=[]),
    ]

    order = read(shopify_order(line_items=lines, shipping_lines=[], total_tax="7.61", total_price="47.61"))

    assert [line.tax for line in order.lines] == [Decimal("5.71"), Decimal("1.90")]
    assert sum_of(order) == order.total


def test_a_cent_that_was_rounded_elsewhere_is_found():
    order = read(shopify_order(total_tax="8.54", total_price="53.54"))

    assert order.lines[0].tax + order.shipping.tax == Decimal("8.54")
    assert sum_of(order) == order.total


def test_a_tip_is_counted_once_though_it_is_told_twice():
    tip = shopify_line(id=99, title="Tip", sku=None, variant_id=None, quantity=1, price="3.00", tip={"x": 1})

    order = read(
        shopify_order(
            line_items=[shopify_line(), {**tip, "tax_lines": []}], total_tip_received="3.00", total_price="56.55"
        )
    )

    assert order.tip == Decimal("3.00")
    assert len(order.lines) == 1
    assert sum_of(order) == order.total


def test_a_tip_that_is_a_line_only_is_a_tip():
    tip = shopify_line(id=99, title="Tip", quantity=1, price="3.00", tip={"payment_gateway": "x"}, tax_lines=[])

    order = read(shopify_order(line_items=[shopify_line(), tip], total_tip_received=None, total_price="56.55"))

    assert (order.tip, len(order.lines)) == (Decimal("3.00"), 1)


@pytest.mark.parametrize("name", ["original_total_duties_set", "current_total_duties_set"])
def test_duties_are_part_of_the_total(name: str):
    order = read(shopify_order(total_price="60.55", **{name: money_set("7.00")}))

    assert order.duty == Decimal("7.00")
    assert sum_of(order) == order.total


def test_duties_told_by_line_are_summed_up():
    line = shopify_line(duties=[{"shop_money": {"amount": "2.00"}}, {"shop_money": {"amount": "1.50"}}])

    assert read(shopify_order(line_items=[line], total_price="57.05")).duty == Decimal("3.50")


def test_duties_in_the_prices_are_not_added_again():
    order = read(shopify_order(duties_included=True, original_total_duties_set=money_set("7.00")))

    assert order.duty == 0
    assert sum_of(order) == order.total


def test_fees_that_shopify_sums_up_become_a_line():
    order = read(shopify_order(original_total_additional_fees_set=money_set("1.20"), total_price="54.75"))

    assert [(line.kind, line.unit_price) for line in order.lines[1:]] == [("FEE", Decimal("1.20"))]
    assert sum_of(order) == order.total


@pytest.mark.parametrize(("rounding", "paid"), [("0.05", "53.60"), ("-0.05", "53.50")])
def test_cash_is_rounded_to_coins(rounding: str, paid: str):
    order = read(shopify_order(total_cash_rounding_payment_adjustment_set=money_set(rounding)))

    assert order.total == sum_of(order) == Decimal(paid)
    assert order.payments[0].amount == Decimal(paid)


@pytest.mark.parametrize(
    ("currency", "price", "tax", "total"), [("JPY", "2000", "400", "4400"), ("KWD", "12.345", "1.235", "25.925")]
)
def test_currencies_without_and_with_three_decimals_are_exact(currency: str, price: str, tax: str, total: str):
    line = shopify_line(price=price, tax_lines=[{"price": tax}])

    order = read(
        shopify_order(
            currency=currency,
            line_items=[line],
            shipping_lines=[],
            total_tax=tax,
            total_price=total,
            total_price_set=money_set(total, currency=currency),
        )
    )

    assert order.total == sum_of(order) == Decimal(total)


def test_a_total_that_does_not_add_up_is_kept_beside_ours():
    order = read(shopify_order(total_price="50.00"))

    assert (order.total, sum_of(order)) == (Decimal("50.00"), Decimal("53.55"))


def test_what_the_customer_saw_stands_beside_the_shops_currency():
    order = read(shopify_order(presentment_currency="USD", total_price_set=money_set("53.55", "61.80", seen="USD")))

    assert (order.currency, order.total) == ("EUR", Decimal("53.55"))
    assert order.presentment is not None
    assert (order.presentment.currency, order.presentment.total) == ("USD", Decimal("61.80"))


@pytest.mark.parametrize(
    ("status", "word"),
    [
        ("pending", "PENDING"),
        ("authorized", "AUTHORIZED"),
        ("paid", "PAID"),
        ("partially_refunded", "PAID"),
        ("voided", "VOIDED"),
        ("expired", "VOIDED"),
    ],
)
def test_the_financial_status_says_what_was_paid(status: str, word: str):
    [payment] = read(shopify_order(financial_status=status)).payments

    assert (payment.status, payment.gateway, payment.amount) == (word, "shopify_payments", Decimal("53.55"))


def test_a_part_payment_is_what_is_no_longer_outstanding():
    [payment] = read(shopify_order(financial_status="partially_paid", total_outstanding="40.00")).payments

    assert (payment.status, payment.amount) == ("PAID", Decimal("13.55"))


def test_a_part_payment_without_its_amount_is_refused():
    assert refuse(shopify_order(financial_status="partially_paid", total_outstanding=None)).reason == (
        "paid_amount_unknown"
    )


def test_an_unknown_financial_status_is_refused():
    assert refuse(shopify_order(financial_status="lent")).reason == "unknown_status"


def test_an_order_without_a_status_has_no_payment():
    assert read(shopify_order(financial_status=None)).payments == []


def test_transactions_tell_each_payment():
    transactions = [
        shopify_transaction(id=1, gateway="gift_card", amount="10.00"),
        shopify_transaction(id=2, kind="authorization", amount="43.55"),
        shopify_transaction(id=3, kind="capture", parent_id=2, amount="43.55"),
        shopify_transaction(id=4, status="failure"),
        shopify_transaction(id=5, kind="refund", amount="3.00"),
    ]

    payments = read(shopify_order(transactions=transactions)).payments

    assert [(payment.status, payment.gateway, payment.reference, payment.amount) for payment in payments] == [
        ("PAID", "gift_card", "1", Decimal("10.00")),
        ("PAID", "shopify_payments", "3", Decimal("43.55")),
    ]


def test_an_authorization_counts_for_what_was_not_captured():
    transactions = [
        shopify_transaction(id=2, kind="authorization"),
        shopify_transaction(id=3, kind="capture", parent_id=2, amount="40.00"),
    ]

    payments = read(shopify_order(transactions=transactions)).payments

    assert [(payment.status, payment.amount) for payment in payments] == [
        ("AUTHORIZED", Decimal("13.55")),
        ("PAID", Decimal("40.00")),
    ]


def test_a_voided_authorization_is_voided():
    transactions = [
        shopify_transaction(id=2, kind="authorization"),
        shopify_transaction(id=3, kind="void", parent_id=2, amount="53.55"),
    ]

    assert [payment.status for payment in read(shopify_order(transactions=transactions)).payments] == ["VOIDED"]


def test_change_given_back_at_the_counter_was_never_paid():
    transactions = [
        shopify_transaction(id=2, gateway="cash", amount="60.00"),
        shopify_transaction(id=3, kind="change", parent_id=2, gateway="cash", amount="6.45"),
    ]

    assert [payment.amount for payment in read(shopify_order(transactions=transactions)).payments] == [Decimal("53.55")]


def test_only_money_that_went_back_is_a_refund():
    transactions = [
        shopify_transaction(id=5, kind="refund", amount="20.00"),
        shopify_transaction(id=6, kind="refund", amount="3.80", status="failure"),
        shopify_transaction(id=7, kind="void", amount="3.80"),
    ]

    [refund] = read(shopify_order(refunds=[shopify_refund(transactions=transactions)])).refunds

    assert (refund.external_id, refund.amount, refund.reason) == ("801", Decimal("20.00"), "too small")


def test_a_refund_in_the_customers_currency_is_converted_at_the_orders_own_rate():
    refund = shopify_refund(transactions=[shopify_transaction(kind="refund", amount="30.90", currency="USD")])
    order = shopify_order(refunds=[refund], total_price_set=money_set("53.55", "61.80", seen="USD"))

    assert read(order).refunds[0].amount == Decimal("26.78")


def test_a_refund_alone_in_the_customers_currency_is_converted_by_its_lines():
    line = shopify_refund_line(subtotal_set=money_set("20.00", "22.00", seen="USD"))
    paid_back = shopify_transaction(kind="refund", amount="11.00", currency="USD")

    [notice] = shopify.read_message(
        shopify_refund(refund_line_items=[line], transactions=[paid_back]), channel="web", topic="refunds/create"
    )

    assert isinstance(notice, IncomingRefundNotice)
    assert (notice.currency, notice.refund.amount) == ("EUR", Decimal("10.00"))


def test_a_payment_in_a_third_currency_is_refused():
    refusal = refuse(shopify_order(transactions=[shopify_transaction(currency="AUD")]))

    assert (refusal.reason, refusal.external_id) == ("payment_currency", "5001")


def test_what_an_edit_took_off_before_it_was_paid_is_not_owed():
    edit = shopify_refund(transactions=[], refund_line_items=[shopify_refund_line(restock_type="cancel")])
    line = shopify_line(current_quantity=1, fulfillable_quantity=1)

    order = read(
        shopify_order(
            financial_status="pending",
            line_items=[line],
            refunds=[edit],
            current_total_price="29.75",
            total_outstanding="29.75",
        )
    )

    assert order.total == sum_of(order) == Decimal("29.75")
    assert order.payments[0].amount == Decimal("29.75")
    assert (order.lines[0].open_quantity, order.refunds) == (1, [])


def test_what_an_edit_took_off_after_it_was_paid_is_owed_back():
    edit = shopify_refund(transactions=[], refund_line_items=[shopify_refund_line(restock_type="cancel")])

    order = read(shopify_order(refunds=[edit], current_total_price="29.75", total_outstanding="-23.80"))

    assert order.total == Decimal("29.75")
    assert order.payments[0].amount == Decimal("53.55")


def test_an_edit_that_the_current_total_does_not_confirm_changes_no_price():
    edit = shopify_refund(transactions=[])

    order = read(shopify_order(refunds=[edit], current_total_price="53.55"))

    assert order.total == sum_of(order) == Decimal("53.55")


def test_a_price_below_zero_is_refused():
    assert refuse(shopify_order(line_items=[shopify_line(price="-1.00")])).reason == "negative_amount"


def test_an_amount_that_is_no_number_is_refused_with_its_place():
    refusal = refuse(shopify_order(line_items=[shopify_line(price="free")]))

    assert refusal.reason == "unreadable_amount"
    assert "/line_items/0/price should be an amount, but it says free" in str(refusal)
