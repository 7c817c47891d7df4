"""A packer at the bench with a scanner, and the customer who waits for the parcel: both in a browser."""

import pytest
from django.test import Client
from django.utils import timezone
from playwright.sync_api import Page, expect

from orders.actions.shipping.buying import buy_due_labels
from orders.actions.shipping.labelling import want_label
from orders.actions.shipping.reports import Report
from orders.actions.shipping.tracking import record_tracking
from orders.models import Fulfillment, Order, Shipment
from tests.journeys.conftest import Open
from tests.make.carriers import house, to_send
from tests.make.moments import ADA
from tests.make.staff import PASSWORD, staff

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

WIDTHS = (1280, 820)


@pytest.fixture
def parcel() -> Fulfillment:
    """Two tees that wait at the bench, with their label."""
    house()
    asked = to_send(lines=[{"sku": "TEE-M-BLK", "quantity": 2, "unit_price": "19.90"}], at=timezone.now())
    want_label(number=asked.number, by=ADA, at=timezone.now())
    buy_due_labels(at=timezone.now())
    return asked


def log_in(page: Page) -> None:
    page.locator("#id_username").fill("ada")
    page.locator("#id_password").fill(PASSWORD)
    page.locator("#login-form button[type=submit]").click()
    page.wait_for_url("**/admin/**")


@pytest.mark.parametrize("width", WIDTHS)
def test_a_packer_scans_weighs_and_ships_without_a_mouse(open_page: Open, parcel: Fulfillment, width: int):
    staff(superuser=True, password=PASSWORD)
    page = open_page(f"/admin/login/?next=/admin/orders/fulfillment/{parcel.number}/change/", width=width)
    log_in(page)

    said = page.locator("#bench-said")
    page.keyboard.type("WRONG-SKU")
    page.keyboard.press("Enter")
    expect(said).to_contain_text("WRONG-SKU")
    for _ in range(2):
        page.keyboard.type("TEE-M-BLK")
        page.keyboard.press("Enter")
    expect(page.get_by_text("2 of 2 picked").first).to_be_visible()
    page.keyboard.type(parcel.number)
    page.keyboard.press("Enter")
    expect(page.locator("#id_grams")).to_be_focused()
    page.keyboard.type("520")
    page.keyboard.press("Enter")
    expect(page.get_by_text("shipped").first).to_be_visible()

    shipment = Shipment.objects.get(fulfillment=parcel)
    assert shipment.weight_grams == 520
    assert shipment.tracking_number == parcel.labels.get(state="BOUGHT").tracking_number
    assert Order.objects.get(pk=parcel.order_id).status == Order.Status.CLOSED


def test_the_customer_sees_the_parcel_go_and_arrive(open_page: Open, parcel: Fulfillment):
    order = parcel.order
    page = open_page(order=order, width=390)
    expect(page.get_by_role("heading", level=1)).to_have_text("We are preparing your order")

    client = Client()
    client.force_login(staff(superuser=True))
    client.post(f"/admin/orders/fulfillment/{parcel.number}/ship/", {"grams": "520"})
    page.reload()
    number = Shipment.objects.get().tracking_number
    expect(page.get_by_text(number)).to_be_visible()

    record_tracking(
        [Report(shipment=number, status="DELIVERED", at=timezone.now(), place="Berlin")], by=ADA, at=timezone.now()
    )
    page.reload()
    expect(page.get_by_role("heading", name="Delivered", exact=False).first).to_be_visible()
