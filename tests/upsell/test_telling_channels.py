"""What was taken of an offer stands at the channel at its price, and shipping that it made free is free there."""

from decimal import Decimal

import pytest

from orders.actions.money.paying import Receipt, record_payment
from orders.actions.write_back.sending import send_next_write_back
from orders.models import Order, WriteBack
from tests.make.connected import shopify_order, woocommerce_order
from tests.make.moments import ADA, NOON, ONE_MINUTE
from tests.make.upsell import accept, free_shipping, offered, ten_percent
from tests.make.write_backs import queued, state_of

pytestmark = pytest.mark.django_db

SOON = NOON + ONE_MINUTE


@pytest.fixture(autouse=True)
def _private_addresses(settings):
    settings.CALL_PRIVATE_ADDRESSES = True


def tell(order):
    """Take the mug, pay what it costs, and tell the channel."""
    edit = accept(offered(order, at=SOON), at=SOON)
    order.refresh_from_db()
    if edit.is_open:
        due = edit.checkouts.get().amount
        receipt = Receipt(amount=due, currency="EUR", gateway="sandbox", reference="more")
        record_payment(number=order.number, receipt=receipt, by=ADA, at=SOON)
    (message,) = queued(Order.objects.get(pk=order.pk), at=SOON)
    assert send_next_write_back(at=SOON)
    return message


def test_shopify_gets_the_item_with_its_discount():
    with shopify_order() as (order, server):
        ten_percent("MUG")
        message = tell(order)

        there = server.shop.orders[1001]
        assert [(each.sku, each.current, each.worth) for each in there.lines] == [
            ("TEE-M", 1, Decimal("19.90")),
            ("MUG", 1, Decimal("17.91")),
        ]
        assert state_of(message) == WriteBack.State.ACKNOWLEDGED


def test_shopify_ships_free_when_the_offer_makes_it_so():
    with shopify_order() as (order, server):
        free_shipping("MUG")
        message = tell(order)

        there = server.shop.orders[1001]
        assert [line["price"] for line in there.shipping if not line["removed"]] == [Decimal("0.00")]
        assert there.total == Decimal("39.80")
        assert state_of(message) == WriteBack.State.ACKNOWLEDGED


def test_woocommerce_gets_the_item_with_its_discount_and_free_shipping():
    with woocommerce_order() as (order, server):
        ten_percent("MUG")
        message = tell(order)
        (mug,) = [line for line in server.orders[1001]["line_items"] if line["sku"] == "MUG"]
        assert mug["quantity"] == 1
        assert Decimal(mug["total"]) < Decimal(mug["subtotal"])
        assert state_of(message) == WriteBack.State.ACKNOWLEDGED
