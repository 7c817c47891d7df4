"""Each role at each door of orders and stock: what it may not do is refused, and nothing changes."""

import pytest

from oms.models import EventRecord
from orders.actions.holding import hold_order
from tests.make.moments import ADA, NOON
from tests.make.orders import placed_order
from tests.make.staff import browser

pytestmark = pytest.mark.django_db

OPERATIONS, SUPPORT, WAREHOUSE, READ_ONLY, FINANCE = "operations", "support", "warehouse", "read-only", "finance"

DOORS = {
    "hold": ("/admin/orders/order/{number}/do/hold/", {"reason": "STAFF", "detail": ""}, {OPERATIONS, SUPPORT}),
    "lift": ("/admin/orders/order/{number}/holds/{hold}/lift/", {}, {OPERATIONS, SUPPORT}),
    "release": ("/admin/orders/order/{number}/do/release/", {}, {OPERATIONS}),
    "cancel": ("/admin/orders/order/{number}/do/cancel/", {"reason": "customer", "note": ""}, {OPERATIONS, SUPPORT}),
    "edit order": ("/admin/orders/order/{number}/edit/", {"do": "preview"}, {OPERATIONS, SUPPORT}),
    "approve many": ("/admin/orders/edit/approve/", {"note": ""}, {OPERATIONS, SUPPORT}),
    "decline many": ("/admin/orders/edit/decline/", {"note": ""}, {OPERATIONS, SUPPORT}),
    "who may change what": ("/admin/orders/editpermission/add/", {}, {OPERATIONS}),
    "shipping rate": ("/admin/orders/shippingrate/add/", {}, {OPERATIONS, FINANCE}),
    "tax rate": ("/admin/orders/taxrate/add/", {}, {OPERATIONS, FINANCE}),
    "payment": (
        "/admin/orders/order/{number}/do/payment/",
        {"amount": "1.00", "gateway": "cash", "reference": "r"},
        {OPERATIONS, SUPPORT},
    ),
    "receive": (
        "/admin/inventory/availability/{variant}/do/receive/",
        {"warehouse": "LEJ", "quantity": "1", "reference": "", "note": "", "key": "k"},
        {OPERATIONS, WAREHOUSE},
    ),
    "count": (
        "/admin/inventory/availability/{variant}/do/count/",
        {"warehouse": "LEJ", "on_hand": "11", "note": "", "key": "k"},
        {OPERATIONS, WAREHOUSE},
    ),
    "threshold": ("/admin/inventory/availability/{variant}/do/threshold/", {"units": "3", "days": ""}, {OPERATIONS}),
    "import": ("/admin/orders/importrun/upload/", {}, {OPERATIONS}),
    "new order": ("/admin/orders/order/new/", {}, {OPERATIONS}),
    "retry": ("/admin/orders/quarantinedmessage/retry/", {}, {OPERATIONS}),
    "dismiss": ("/admin/orders/quarantinedmessage/dismiss/", {"note": "x"}, {OPERATIONS}),
    "dead letters": ("/admin/oms/delivery/send-all-again/", {}, {OPERATIONS}),
    "issue a key": ("/admin/oms/apikey/issue/", {}, set()),
    "new channel": ("/admin/oms/channel/add/", {}, {OPERATIONS}),
    "new product": ("/admin/inventory/product/add/", {}, {OPERATIONS}),
    "import variants": ("/admin/inventory/variant/import/", {}, {OPERATIONS}),
    "staff": ("/admin/oms/user/add/", {}, set()),
    "roles": ("/admin/auth/group/add/", {}, set()),
}


@pytest.mark.parametrize("role", [OPERATIONS, SUPPORT, WAREHOUSE, READ_ONLY])
@pytest.mark.parametrize("door", DOORS)
def test_a_role_does_what_it_may_and_nothing_else(role, door):
    address, answer, may = DOORS[door]
    order = placed_order(payment={"status": "PENDING"})
    hold = hold_order(number=order.number, reason="STAFF", by=ADA, at=NOON)
    address = address.format(number=order.number, hold=hold.pk, variant=order.lines.get().variant_id)
    client, before = browser(role=role), EventRecord.objects.count()

    statuses = {client.get(address).status_code, client.post(address, answer).status_code}

    if role in may:
        assert 403 not in statuses
    else:
        assert statuses == {403}
        assert EventRecord.objects.count() == before


PAGES = {
    "/admin/orders/order/": {OPERATIONS, SUPPORT, WAREHOUSE, READ_ONLY},
    "/admin/orders/customer/": {OPERATIONS, SUPPORT, WAREHOUSE, READ_ONLY},
    "/admin/orders/quarantinedmessage/": {OPERATIONS, SUPPORT, READ_ONLY},
    "/admin/orders/importrun/": {OPERATIONS, SUPPORT, READ_ONLY},
    "/admin/inventory/availability/": {OPERATIONS, SUPPORT, WAREHOUSE, READ_ONLY},
    "/admin/inventory/stockmovement/": {OPERATIONS, SUPPORT, WAREHOUSE, READ_ONLY},
    "/admin/inventory/product/": {OPERATIONS, SUPPORT, WAREHOUSE, READ_ONLY},
    "/admin/inventory/variant/": {OPERATIONS, SUPPORT, WAREHOUSE, READ_ONLY},
    "/admin/inventory/category/": {OPERATIONS, SUPPORT, WAREHOUSE, READ_ONLY},
    "/admin/inventory/warehouse/": {OPERATIONS, SUPPORT, WAREHOUSE, READ_ONLY},
    "/admin/inventory/channelbuffer/": {OPERATIONS, SUPPORT, WAREHOUSE, READ_ONLY},
    "/admin/oms/eventrecord/": {OPERATIONS, SUPPORT, READ_ONLY},
    "/admin/oms/delivery/": {OPERATIONS, READ_ONLY},
    "/admin/oms/channel/": {OPERATIONS, READ_ONLY},
    "/admin/oms/apikey/": set(),
    "/admin/oms/user/": set(),
    "/admin/auth/group/": set(),
}


@pytest.mark.parametrize("role", [OPERATIONS, SUPPORT, WAREHOUSE, READ_ONLY])
@pytest.mark.parametrize("page", PAGES)
def test_a_role_reads_what_it_may_and_nothing_else(role, page):
    client = browser(role=role)

    assert client.get(page).status_code == (200 if role in PAGES[page] else 403)
    assert client.get("/admin/").status_code == 200


@pytest.mark.parametrize("page", PAGES)
def test_a_superuser_reads_everything(page):
    placed_order()

    assert browser(superuser=True).get(page).status_code == 200
