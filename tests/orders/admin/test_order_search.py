import pytest

from tests.make.admin import table_rows
from tests.make.orders import channel, line, placed_order
from tests.make.staff import browser
from tests.make.stock import stocked_variant

LIST = "/admin/orders/order/"

pytestmark = pytest.mark.django_db


def search(text: str):
    return browser().get(LIST, {"q": text})


@pytest.mark.parametrize("asked", ["{number}", " {number} ", "#{number}"])
def test_a_number_opens_the_order_at_once(asked):
    placed_order()
    order = placed_order()

    response = search(asked.format(number=order.number))

    assert response.status_code == 302
    assert response["Location"] == f"{LIST}{order.number}/change/"


@pytest.mark.parametrize("asked", ["#1042", "1042"])
def test_the_channels_own_number_opens_it_with_or_without_its_hash(asked):
    order = placed_order(external_number="#1042")

    assert search(asked)["Location"] == f"{LIST}{order.number}/change/"


def test_the_channels_id_opens_it():
    order = placed_order(external_id="gid://shopify/Order/77")

    assert search("gid://shopify/Order/77")["Location"] == f"{LIST}{order.number}/change/"


def test_a_number_that_two_channels_use_shows_both():
    channel("amazon-de")
    both = {placed_order(external_number="1042"), placed_order(channel="amazon-de", external_number="1042")}
    placed_order()

    response = search("1042")

    assert set(table_rows(response)) == both


@pytest.mark.parametrize("asked", ["grace@example.com", "GRACE@example.com", "grace@", "grac"])
def test_an_email_or_its_beginning_shows_the_customers_orders(asked):
    wanted = [placed_order(customer={"email": "grace@example.com"}) for _ in range(2)]
    placed_order()

    assert table_rows(search(asked)) == wanted[::-1]


def test_a_sku_shows_the_orders_with_it():
    stocked_variant("COAT-L", 5)
    placed_order()
    wanted = placed_order([line("COAT-L"), line("COAT-L")])

    assert table_rows(search("COAT-L")) == [wanted]


@pytest.mark.parametrize("asked", ["nothing like it", "%", "a@b@c", "'; --", "9" * 300])
def test_what_nothing_is_called_shows_nothing(asked):
    placed_order()

    response = search(asked)

    assert response.status_code == 200
    assert not table_rows(response)


def test_a_null_byte_is_no_error():
    assert search("\x00").status_code == 200


def test_a_search_stays_within_the_filters():
    placed_order(customer={"email": "grace@example.com"})
    paid_later = placed_order(customer={"email": "grace@example.com"}, payment={"status": "PENDING"})

    response = browser().get(LIST, {"q": "grace@example.com", "financial": "PENDING"})

    assert table_rows(response) == [paid_later]


def test_a_customers_name_leads_to_the_orders():
    order = placed_order(customer={"email": "grace@example.com", "name": "Grace"})

    response = browser().get(f"/admin/orders/customer/{order.customer_id}/change/")

    assert response["Location"] == f"{LIST}?q=grace%40example.com"
