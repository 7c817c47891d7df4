"""What is no edit: too late, not allowed, not there, or not what was looked at. Nothing has changed then."""

import pytest

from inventory.errors import StockShort
from oms.errors import Invalid, VersionStale
from orders.actions.cancelling import cancel_order
from orders.actions.releasing import end_edit_window
from orders.errors import EditAlreadyOpen, EditNotAllowed, EditWindowClosed, OrderAlreadyCancelled
from orders.models import Order
from tests.make.edits import (
    LARGE,
    MUNICH,
    SOCKS,
    SOON,
    add,
    cancel_line,
    edit,
    move,
    open_shop,
    order_of_tees,
    preview,
    set_quantity,
    swap,
)
from tests.make.moments import ADA, NOON, ONE_HOUR
from tests.make.snapshots import nothing_changes
from tests.make.stock import count

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def shop():
    open_shop()


def refused(order, *operations, because, **fields):
    with nothing_changes(), pytest.raises(because) as refusal:
        edit(order, *operations, **fields)
    return refusal.value


def test_after_the_window_the_customer_is_told_why_and_what_to_do():
    order = order_of_tees()
    refusal = refused(order, swap(order), because=EditWindowClosed, at=NOON + ONE_HOUR)
    assert refusal.facts["because"] == "ran_out"
    assert "Write to us" in refusal.message


def test_staff_may_edit_after_the_window():
    order = order_of_tees()
    assert edit(order, swap(order), actor="STAFF", at=NOON + ONE_HOUR).state == "COMMITTED"


def test_a_released_order_is_closed_for_its_customer():
    order = order_of_tees()
    end_edit_window(number=order.number, by=ADA, at=SOON)
    assert refused(order, add(), because=EditWindowClosed).facts["because"] == "released"


def test_a_customer_of_the_control_group_cannot_edit():
    order = order_of_tees()
    Order.objects.update(self_service="CONTROL")
    assert refused(order, add(), because=EditWindowClosed).facts["because"] == "staff_only"


def test_prices_are_not_the_customers_to_set():
    order = order_of_tees()
    price = {"op": "set_unit_price", "line": order.lines.get().pk, "unit_price": "0.01"}
    refused(order, price, because=EditNotAllowed)
    assert edit(order, price, actor="STAFF").state == "COMMITTED"


def test_what_is_not_in_stock_is_named_and_nothing_changes():
    count(LARGE, 1)
    order = order_of_tees()
    short = refused(order, swap(order), because=StockShort)
    assert short.facts["skus"] == [{"sku": LARGE, "wanted": 2, "available": 1}]
    with pytest.raises(StockShort):
        preview(order, swap(order))


def test_one_change_at_a_time():
    order = order_of_tees()
    edit(order, add())
    assert refused(order, swap(order), because=EditAlreadyOpen).facts["state"] == "AWAITING_PAYMENT"


def test_a_stale_version_is_refused():
    order = order_of_tees()
    edit(order, move())
    refused(order, swap(order), because=VersionStale, version=1)


def test_the_same_form_twice_is_one_edit():
    order = order_of_tees()
    first = edit(order, set_quantity(order, 1), form="f1")
    with nothing_changes():
        assert edit(order, set_quantity(order, 1), form="f1") == first


def test_a_cancelled_order_cannot_be_edited():
    order = order_of_tees()
    cancel_order(number=order.number, reason="", by=ADA, at=SOON)
    refused(order, add(), because=OrderAlreadyCancelled)


@pytest.mark.parametrize(
    ("operations", "pointer", "code"),
    [
        ([{"op": "cancel_line", "line": 10**9}], "/operations/0/line", "unknown_line"),
        ([add("NONE")], "/operations/0/sku", "unknown_sku"),
        ([add(SOCKS, 1.5)], "/operations/0/quantity", "fractional_quantity"),
        ([{"op": "change_shipping", "method": "dragon"}], "/operations", "method_not_offered"),
        ([move(MUNICH | {"postal_code": "1"})], "/operations/0/address/postal_code", None),
        ([move(MUNICH | {"line1": ""})], "/operations/0/address/line1", None),
    ],
)
def test_what_is_wrong_is_pointed_at(operations, pointer, code):
    refusal = refused(order_of_tees(), *operations, because=Invalid)
    assert refusal.errors[0].pointer == pointer
    assert code in (None, refusal.errors[0].code)


def test_another_product_is_not_a_variant():
    order = order_of_tees()
    assert refused(order, swap(order, SOCKS), because=Invalid).errors[0].code == "other_product"


def test_nothing_left_means_cancelling():
    order = order_of_tees()
    assert refused(order, cancel_line(order), because=Invalid).errors[0].code == "nothing_left"


def test_an_edit_that_changes_nothing_is_refused_but_can_be_previewed():
    order = order_of_tees()
    refused(order, set_quantity(order, 2), because=Invalid)
    assert preview(order, set_quantity(order, 2)).after == preview(order, set_quantity(order, 2)).before


@pytest.mark.parametrize("actor", ["CUSTOMER", "STAFF", "API"])
@pytest.mark.parametrize(
    "contact", [{"email": "<script>@example.com"}, {"phone": "\u202e+49 30 901820"}, {"phone": "abc"}]
)
def test_a_contact_that_nobody_can_be_reached_at_is_refused_whoever_asks(actor, contact):
    order = order_of_tees()
    refusal = refused(order, {"op": "change_contact"} | contact, because=Invalid, actor=actor)
    assert [error.pointer for error in refusal.errors] == [f"/operations/0/{name}" for name in contact]
