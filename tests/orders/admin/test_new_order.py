from datetime import date
from decimal import Decimal

import pytest

from inventory.models import Availability
from orders.models import Order
from tests.make.admin import NOW, text_of
from tests.make.orders import channel
from tests.make.staff import browser, said
from tests.make.stock import SKU, stocked_variant, variant

NEW = "/admin/orders/order/new/"

pytestmark = pytest.mark.django_db


@pytest.fixture
def phone():
    stocked_variant()
    return channel("phone", connector="STAFF")


def fill_in(*lines: dict, **fields) -> dict[str, str]:
    form = {
        "channel": "phone",
        "email": "grace@example.com",
        "name": "Grace Hopper",
        "line1": "Torstr. 1",
        "city": "Berlin",
        "postal_code": "10119",
        "country": "DE",
        "shipping_amount": "4.90",
        "tax_included": "on",
        "payment": "PENDING",
        "gateway": "bank_transfer",
        "external_id": "staff-1",
        "lines-TOTAL_FORMS": str(len(lines)),
        "lines-INITIAL_FORMS": "0",
    }
    for place, line in enumerate(lines):
        form |= {f"lines-{place}-{name}": value for name, value in line.items()}
    return form | fields


def test_an_order_taken_by_telephone_is_placed_like_any_other(phone):
    response = browser().post(NEW, fill_in({"sku": SKU, "quantity": "2", "tax": "6.35"}, note="Ring twice"))

    order = Order.objects.get()
    assert response["Location"] == f"/admin/orders/order/{order.number}/change/"
    assert said(response) == [f"Order {order.number} is placed."]
    assert (order.total, order.tax_total, order.currency) == (Decimal("44.70"), Decimal("6.35"), "EUR")
    assert (order.email, order.note, order.placed_at) == ("grace@example.com", "Ring twice", NOW)
    assert Availability.objects.get().promised == 2


def test_sending_the_form_twice_places_one_order(phone):
    client = browser()
    client.post(NEW, fill_in({"sku": SKU, "quantity": "1"}))

    response = client.post(NEW, fill_in({"sku": SKU, "quantity": "1"}))

    assert said(response)[-1].endswith("was placed already.")
    assert Order.objects.count() == 1


def test_each_form_makes_an_id_of_its_own(phone):
    client = browser()

    first, second = (client.get(NEW).context["form"].initial["external_id"] for _ in range(2))

    assert first != second


def test_a_price_that_was_agreed_counts_instead_of_the_catalogues(phone):
    browser().post(NEW, fill_in({"sku": SKU, "quantity": "1", "unit_price": "15.00"}, shipping_amount="0"))

    assert Order.objects.get().total == 15


def test_a_sku_without_a_price_in_the_channels_currency_needs_one(phone):
    channel("phone-us", connector="STAFF", currency="USD")

    response = browser().post(NEW, fill_in({"sku": SKU, "quantity": "1"}, channel="phone-us"))

    assert response.status_code == 422
    assert f"The catalogue has no price in USD for {SKU}: enter one." in text_of(response)
    assert not Order.objects.exists()


@pytest.mark.parametrize(
    ("line", "sentence"),
    [
        ({"sku": "NOPE", "quantity": "1"}, "There is no SKU NOPE."),
        ({"sku": SKU, "quantity": "0.5"}, "whole"),
        ({"sku": "", "quantity": "1"}, "This field is required."),
        ({"sku": SKU, "quantity": "1", "tax": "1.999"}, "more decimals than EUR knows"),
    ],
)
def test_what_is_wrong_is_said_and_nothing_is_placed(phone, line, sentence):
    response = browser().post(NEW, fill_in(line))

    assert response.status_code == 422
    assert sentence in text_of(response)
    assert not Order.objects.exists()


def test_what_is_not_in_stock_is_refused_with_what_is_left(phone):
    response = browser().post(NEW, fill_in({"sku": SKU, "quantity": "11"}))

    assert said(response) == [f"Not enough stock. {SKU}: 11 wanted, 10 left."]
    assert not Order.objects.exists()


def test_skus_are_suggested_by_their_beginning(phone):
    variant("COAT-L", title="<b>Coat</b>")

    page = browser().get("/admin/orders/order/new/skus/", {"sku": "coa"}).content.decode()

    assert 'value="COAT-L"' in page
    assert "&lt;b&gt;Coat" in page
    assert SKU not in page


def test_support_may_not_place_orders(phone):
    client = browser(role="support")

    assert client.get(NEW).status_code == 403
    assert client.post(NEW, fill_in({"sku": SKU, "quantity": "1"})).status_code == 403
    assert client.get("/admin/orders/order/new/skus/").status_code == 403
    assert not Order.objects.exists()


def test_an_order_may_be_for_later(phone):
    browser().post(NEW, fill_in({"sku": SKU, "quantity": "1"}, ship_after="2026-12-03"))

    order = Order.objects.get()
    assert order.ship_after == date(2026, 12, 3)
    assert "Not before 3 Dec 2026" in text_of(browser().get(f"/admin/orders/order/{order.number}/change/"))


def test_a_day_that_is_over_places_nothing(phone):
    response = browser().post(NEW, fill_in({"sku": SKU, "quantity": "1"}, ship_after="2026-01-03"))

    assert "within two years" in text_of(response)
    assert not Order.objects.exists()
