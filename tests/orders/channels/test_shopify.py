"""What a Shopify message becomes: who, where, which lines, and which messages are none."""

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest

from orders.channels import shopify
from orders.channels.incoming import IncomingOrder
from orders.channels.port import CannotTake, IncomingRefundNotice, NotAnOrder
from tests.orders.channels.messages import (
    Reader,
    shopify_address,
    shopify_line,
    shopify_order,
    shopify_refund,
    shopify_transaction,
    sum_of,
)

reader = Reader(shopify, channel="web")
read, refuse = reader.read, reader.refuse


def test_an_order_keeps_its_names_its_moments_and_its_buyer():
    order = read(shopify_order())

    assert (order.channel, order.external_id, order.external_number) == ("web", "5001", "#1001")
    assert order.placed_at == datetime(2025, 11, 21, 9, 30, tzinfo=UTC)
    assert order.updated_at == datetime(2025, 11, 21, 9, 31, tzinfo=UTC)
    assert order.tags == ["vip", "gift"]
    assert order.customer is not None
    assert order.customer.model_dump() == {
        "email": "ada@example.com",
        "name": "Ada Byron",
        "phone": "+49 30 1234",
        "locale": "de-DE",
        "accepts_marketing": True,
    }


def test_an_order_goes_where_it_says():
    address = read(shopify_order()).shipping_address

    assert address is not None
    assert (address.name, address.line1, address.city) == ("Ada Byron", "Torstr. 1", "Berlin")
    assert (address.postal_code, address.country, address.phone) == ("10119", "DE", "+49 30 1234")


def test_an_order_at_a_counter_has_neither_customer_nor_address():
    order = read(shopify_order(customer=None, email=None, shipping_address=None, billing_address=None))

    assert order.customer is None
    assert order.shipping_address is None


def test_a_country_in_the_words_of_the_european_union_is_understood():
    order = read(shopify_order(shipping_address=shopify_address(country_code="UK")))

    assert order.shipping_address is not None
    assert order.shipping_address.country == "GB"


def test_an_unknown_country_is_refused_with_its_place():
    refusal = refuse(shopify_order(shipping_address=shopify_address(country_code="ZZ")))

    assert (refusal.reason, refusal.external_id) == ("unknown_country", "5001")
    assert "/shipping_address/country_code says ZZ" in str(refusal)


def test_the_order_stands_bare_in_an_envelope_or_in_a_list():
    bare = read(shopify_order())

    assert read({"order": shopify_order()}) == bare
    assert read({"order": shopify_order(), "notice": "Order has been cancelled"}) == bare
    assert shopify.read_message({"orders": [shopify_order()]}, channel="web") == [bare]


def test_one_order_that_cannot_be_taken_stops_none_beside_it():
    broken = shopify_order(id=5002, currency="EURO")

    first, second, third = shopify.read_message(
        {"orders": [shopify_order(), broken, shopify_order(id=5003)]}, channel="web"
    )

    assert isinstance(first, IncomingOrder)
    assert isinstance(second, CannotTake)
    assert (second.reason, second.external_id) == ("unknown_currency", "5002")
    assert isinstance(third, IncomingOrder)


def test_a_gift_card_is_no_product():
    order = read(shopify_order(line_items=[shopify_line(gift_card=True, sku="")]))

    assert order.lines[0].kind == "GIFT_CARD"


def test_an_item_that_staff_wrote_by_hand_needs_no_sku():
    order = read(shopify_order(line_items=[shopify_line(variant_id=None, sku=None)]))

    assert (order.lines[0].kind, order.lines[0].title) == ("CUSTOM", "Linen tee - M / black")


def test_a_service_that_staff_wrote_by_hand_is_a_fee():
    order = read(shopify_order(line_items=[shopify_line(variant_id=None, sku=None, requires_shipping=False)]))

    assert order.lines[0].kind == "FEE"
    assert not order.needs_address


def test_a_product_that_was_deleted_is_still_known_by_its_sku():
    order = read(shopify_order(line_items=[shopify_line(variant_id=None)]))

    assert (order.lines[0].kind, order.lines[0].sku) == ("PRODUCT", "TEE-M-BLK")


def test_a_real_variant_without_sku_is_refused_by_name():
    refusal = refuse(shopify_order(line_items=[shopify_line(sku="", title="Linen tee")]))

    assert (refusal.reason, refusal.external_id) == ("sku_missing", "5001")
    assert str(refusal).startswith("Linen tee is a product without SKU.")


def test_what_the_customer_wants_engraved_stays_with_its_line():
    wishes = [{"name": "Engraving", "value": "Ada"}, {"name": "Engraving", "value": "1815"}]

    order = read(shopify_order(line_items=[shopify_line(properties=wishes)]))

    assert order.lines[0].properties == {"Engraving": "Ada; 1815"}


def test_half_a_metre_is_half_a_metre():
    line = shopify_line(quantity=2.5, current_quantity=2.5, fulfillable_quantity=2.5, price="16.00")

    order = read(shopify_order(line_items=[line]))

    assert order.lines[0].quantity == Decimal("2.5")
    assert sum_of(order) == Decimal("53.55")


def test_units_that_were_sent_are_fulfilled_and_the_others_open():
    sent = {"status": "success", "created_at": "2025-11-22T08:00:00Z", "line_items": [{"id": 11, "quantity": 1}]}
    line = shopify_line(fulfillable_quantity=1)

    order = read(shopify_order(fulfillment_status="partial", fulfillments=[sent], line_items=[line]))

    assert (order.lines[0].fulfilled_quantity, order.lines[0].open_quantity) == (1, 1)
    assert order.fulfilled_at is None


def test_a_fulfillment_that_failed_sent_nothing():
    failed = {"status": "failure", "created_at": "2025-11-22T08:00:00Z", "line_items": [{"id": 11, "quantity": 2}]}

    order = read(shopify_order(fulfillments=[failed]))

    assert order.lines[0].open_quantity == 2


def test_an_order_that_was_sent_says_when_its_last_parcel_left():
    parcels = [
        {"status": "success", "created_at": f"2025-11-{day}T08:00:00Z", "line_items": [{"id": 11, "quantity": 1}]}
        for day in (24, 22)
    ]
    line = shopify_line(fulfillable_quantity=0)

    order = read(shopify_order(fulfillment_status="fulfilled", fulfillments=parcels, line_items=[line]))

    assert order.fulfilled_at == datetime(2025, 11, 24, 8, tzinfo=UTC)
    assert order.lines[0].open_quantity == 0


def test_an_order_marked_fulfilled_without_a_parcel_is_fulfilled_not_cancelled():
    order = read(shopify_order(fulfillment_status="fulfilled", line_items=[shopify_line(fulfillable_quantity=0)]))

    assert (order.lines[0].fulfilled_quantity, order.lines[0].cancelled_quantity) == (2, 0)


def test_a_line_that_was_taken_off_is_cancelled():
    order = read(shopify_order(line_items=[shopify_line(current_quantity=1, fulfillable_quantity=1)]))

    assert (order.lines[0].cancelled_quantity, order.lines[0].open_quantity) == (1, 1)


def test_units_that_came_back_after_they_were_sent_are_not_cancelled():
    sent = {"status": "success", "created_at": "2025-11-22T08:00:00Z", "line_items": [{"id": 11, "quantity": 2}]}
    line = shopify_line(current_quantity=1, fulfillable_quantity=0)

    order = read(shopify_order(fulfillments=[sent], refunds=[shopify_refund()], line_items=[line]))

    assert (order.lines[0].fulfilled_quantity, order.lines[0].cancelled_quantity) == (2, 0)


def test_old_documents_tell_what_was_taken_off_by_its_refund():
    line = shopify_line()
    for name in ("current_quantity", "fulfillable_quantity"):
        del line[name]

    order = read(shopify_order(refunds=[shopify_refund()], line_items=[line]))

    assert order.lines[0].cancelled_quantity == 1


def test_a_cancelled_order_says_when_and_why():
    order = read(shopify_order(cancelled_at="2025-11-21T11:00:00Z", cancel_reason="customer"), "orders/cancelled")

    assert order.cancelled_at == datetime(2025, 11, 21, 11, tzinfo=UTC)
    assert order.cancel_reason == "customer"


def test_a_test_order_is_marked():
    assert read(shopify_order(test=True)).test


def test_a_long_note_is_cut_but_an_address_never():
    assert len(read(shopify_order(note="n" * 6_000)).note) == 5_000

    refusal = refuse(shopify_order(shipping_address=shopify_address(address1="a" * 300)))

    assert refusal.reason == "invalid_order"
    assert "/shipping_address/line1" in str(refusal)


def test_a_nul_character_is_dropped():
    assert read(shopify_order(note="ring\x00 twice")).note == "ring twice"


def test_a_refund_that_comes_alone_names_its_order():
    [notice] = shopify.read_message(shopify_refund(), channel="web", topic="refunds/create")

    assert isinstance(notice, IncomingRefundNotice)
    assert (notice.external_order_id, notice.currency) == ("5001", "EUR")
    assert (notice.refund.external_id, notice.refund.amount) == ("801", Decimal("23.80"))
    assert [(line.line, line.quantity) for line in notice.refund.lines] == [("11", 1)]


@pytest.mark.parametrize("envelope", ["refund", "refunds"])
def test_a_refund_may_come_in_an_envelope(envelope: str):
    inside: Any = shopify_refund() if envelope == "refund" else [shopify_refund()]

    [notice] = shopify.read_message({envelope: inside}, channel="web")

    assert isinstance(notice, IncomingRefundNotice)


def test_a_refund_that_is_only_under_way_has_given_nothing_back():
    waiting = shopify_refund(transactions=[shopify_transaction(kind="refund", status="pending")])

    with pytest.raises(NotAnOrder) as other:
        shopify.read_message(waiting, channel="web", topic="refunds/create")

    assert other.value.reason == "refund_without_money"


def test_a_refund_that_was_only_calculated_is_none():
    with pytest.raises(NotAnOrder) as other:
        shopify.read_message({"refund": {"transactions": [{"kind": "suggested_refund"}]}}, channel="web")

    assert other.value.reason == "refund_not_made"


def test_an_edit_names_the_order_that_must_be_fetched():
    refusal = refuse({"order_edit": {"id": 9, "order_id": 5001, "line_items": {"additions": []}}}, "orders/edited")

    assert (refusal.reason, refusal.external_id) == ("order_not_in_message", "5001")


def test_a_deleted_order_is_for_a_person_to_decide():
    refusal = refuse({"id": 5001}, "orders/delete")

    assert (refusal.reason, refusal.external_id) == ("order_deleted", "5001")


def test_a_part_of_an_order_is_asked_for_whole():
    refusal = refuse({"order": {"id": 5001, "name": "#1001", "total_price": "53.55", "line_items": [shopify_line()]}})

    assert (refusal.reason, refusal.external_id) == ("incomplete_order", "5001")
    assert "lacks currency" in str(refusal)


def test_an_order_that_was_only_asked_for_has_no_id():
    assert refuse({"order": {"line_items": [{"variant_id": 901, "quantity": 1}]}}).reason == "external_id_missing"


def test_an_order_without_lines_is_refused():
    assert refuse(shopify_order(line_items=[])).reason == "incomplete_order"
    assert refuse(shopify_order(line_items=[shopify_line(quantity=0)])).reason == "no_lines"


@pytest.mark.parametrize(
    "body",
    [
        {"product": {"id": 1, "title": "Linen tee"}},
        {"customer": {"id": 7, "email": "ada@example.com"}},
        {"count": 3},
        {"draft_order": {"id": 1, "line_items": [shopify_line()], "total_price": "40.00"}},
        {"id": 1, "name": "#D1", "invoice_url": "…", "line_items": [shopify_line()], "total_price": "40.00"},
        {"id": 2, "token": "c", "abandoned_checkout_url": "…", "line_items": [], "total_price": "40.00"},
        {"fulfillment_order": {"id": 1, "order_id": 5001, "line_items": []}},
        {"fulfillment": {"id": 1, "order_id": 5001, "line_items": []}},
        {"webhook": {"topic": "orders/create"}},
        {"transaction": shopify_transaction()},
        {"id": "cart", "token": "cart", "line_items": [shopify_line()]},
        {"errors": "Not Found"},
        [],
        "orders",
        None,
        7,
    ],
)
def test_other_kinds_of_messages_are_no_orders(body: Any):
    with pytest.raises(NotAnOrder):
        shopify.read_message(body, channel="web")


def test_an_empty_page_of_orders_holds_none():
    assert shopify.read_message({"orders": []}, channel="web") == []
