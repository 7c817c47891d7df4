"""Credit for a return moves to the channel where its owner buys, once, and comes back when the channel will not."""

from decimal import Decimal

import pytest

from orders.actions.write_back.reviewing import dismiss_write_back, send_again
from orders.actions.write_back.sending import send_next_write_back
from orders.models import Order, WriteBack, WriteBackTarget
from returns.actions.credit.moving import move_back, move_credit
from returns.models import CreditLot
from tests.fakes.shopify_server import ShopifyServer
from tests.make.connected import shopify_order
from tests.make.credit import account_of, balance, books, given, spend
from tests.make.moments import ADA, NOON, ONE_DAY, ONE_HOUR
from tests.make.snapshots import facts_of

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def sold(settings):
    """An order at Shopify, which keeps store credit for its customer."""
    settings.CALL_PRIVATE_ADDRESSES = True
    with shopify_order() as (order, server):
        WriteBackTarget.objects.update(takes_credit=True)
        yield order, server


def move(lot: CreditLot, order: Order) -> Decimal:
    return move_credit(key_of_lot=lot.key, number=order.number, by=ADA, at=NOON)


def send_all() -> None:
    while send_next_write_back(at=NOON + ONE_HOUR):
        pass


def there(server: ShopifyServer) -> list[tuple[str, str, bool]]:
    """Amounts at Shopify, their currency, and whether they end."""
    return sorted((str(each["amount"]), each["currency"], bool(each["ends"])) for each in server.shop.credits)


def test_it_leaves_us_and_is_given_there_base_and_bonus_with_their_own_ends(sold):
    order, server = sold
    lot = given("19.90", "1.99", bonus_expires_at=NOON + 900 * ONE_DAY)
    assert move(lot, order) == Decimal("21.89")
    assert balance(account_of(lot)) == ("0.00", "0.00", "0.00", "0.00")
    assert books(account_of(lot)) == {"goods_back": "-19.90", "bonus_expense": "-1.99", "moved": "21.89"}

    send_all()

    assert there(server) == [("1.99", "EUR", True), ("19.90", "EUR", False)]
    assert set(WriteBack.objects.values_list("kind", "state")) == {("CREDIT", "ACKNOWLEDGED")}
    told = facts_of("credit.moved")
    assert (told["base"], told["bonus"], told["order"]) == ("19.90", "1.99", order.number)


def test_moved_twice_it_is_moved_once(sold):
    order, server = sold
    lot = given("19.90", "0.00")
    move(lot, order)
    assert move(lot, order) == 0
    send_all()
    assert there(server) == [("19.90", "EUR", False)]


def test_an_answer_that_was_lost_is_found_and_nothing_is_given_twice(sold):
    order, server = sold
    move(given("19.90", "0.00"), order)
    message = WriteBack.objects.get()
    send_all()
    WriteBack.objects.update(state="WAITING", acknowledged_at=None, external_id="")

    send_all()

    assert there(server) == [("19.90", "EUR", False)]
    message.refresh_from_db()
    assert (message.state, message.external_id) == ("ACKNOWLEDGED", str(server.shop.credits[0]["number"]))


def test_what_the_channel_refuses_is_seen_sent_again_or_comes_back(sold):
    order, server = sold
    lot = given("19.90", "0.00")
    move(lot, order)
    server.shop.orders[1001].customer = None
    send_all()
    failed = WriteBack.objects.get()
    assert (failed.state, "no customer at Shopify" in failed.last_error) == ("FAILED", True)

    again = send_again(write_back_id=failed.pk, by=ADA, at=NOON)
    send_all()
    dismiss_write_back(write_back_id=again.pk, note="She has no account there.", by=ADA, at=NOON)
    key = facts_of("write_back.dismissed")["credit"]
    assert move_back(key=key, by=ADA, at=NOON) == Decimal("19.90")
    assert move_back(key=key, by=ADA, at=NOON) == 0

    assert balance(account_of(lot)) == ("19.90", "0.00", "0.00", "0.00")
    assert server.shop.credits == []


def test_only_what_is_left_of_it_moves(sold):
    order, _ = sold
    lot = given("19.90", "0.00")
    spend(account_of(lot), "9.90")
    assert move(lot, order) == Decimal("10.00")


@pytest.mark.parametrize("why", ["not switched on", "given in advance", "a test"])
def test_otherwise_it_stays_with_us_and_nobody_is_told(sold, why):
    order, _ = sold
    lot = given("19.90", "0.00", earned=why != "given in advance")
    WriteBackTarget.objects.update(takes_credit=why != "not switched on")
    Order.objects.update(test=why == "a test")
    assert move(lot, order) == 0
    assert balance(account_of(lot))[0] == "19.90"
    assert not WriteBack.objects.exists()
