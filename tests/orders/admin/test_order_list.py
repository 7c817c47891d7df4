from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from orders.actions.holding import hold_order
from orders.models import Hold, Order
from tests.make.admin import NOW, table_rows, text_of
from tests.make.moments import ADA, NOON, ONE_DAY, ONE_MINUTE
from tests.make.orders import channel, incoming, line, place, placed_order, released_order
from tests.make.staff import browser
from tests.make.stock import stocked_variant

LIST = "/admin/orders/order/"

pytestmark = pytest.mark.django_db


def place_many(count: int, **fields) -> list[Order]:
    """So many orders at one and the same moment."""
    channel("web")
    stocked_variant(on_hand=1_000)
    numbers = [placement.number for placement in place(*[incoming(**fields) for _ in range(count)])]
    return list(Order.objects.filter(number__in=numbers).order_by("-id"))


def queries_of(client, address: str) -> list[str]:
    with CaptureQueriesContext(connection) as captured:
        response = client.get(address)
    assert response.status_code == 200
    return [query["sql"] for query in captured]


def test_a_hundred_orders_take_as_many_queries_as_ten():
    client = browser()
    place_many(10)
    few = queries_of(client, LIST)

    place(*[incoming() for _ in range(90)])
    many = queries_of(client, LIST)

    assert len(many) == len(few)
    assert len(many) <= 16


def test_nothing_counts_or_skips_through_the_whole_table():
    client = browser()
    place_many(3)

    statements = queries_of(client, LIST)

    orders = [sql for sql in statements if 'FROM "orders_order"' in sql]
    assert all("LIMIT" in sql for sql in orders)
    assert not any("OFFSET" in sql for sql in orders)


def test_pages_meet_each_order_once_although_all_were_placed_at_one_moment():
    client = browser()
    wanted = [order.number for order in place_many(123)]

    met, address = [], LIST
    while address:
        response = client.get(address)
        met += [order.number for order in table_rows(response)]
        address = LIST + response.context["cl"].next_link if response.context["cl"].next_link else ""

    assert met == wanted


def test_the_page_before_is_the_page_one_came_from():
    client = browser()
    place_many(120)
    first = client.get(LIST)
    second = client.get(LIST + first.context["cl"].next_link)

    back = client.get(LIST + second.context["cl"].previous_link)

    assert table_rows(back) == table_rows(first)


def test_a_row_says_what_holds_the_order():
    placed_order(payment={"status": "PENDING"})

    words = text_of(browser().get(LIST))

    for said in ("edit window until 12:30", "waiting for payment", "19.90", "EUR", "pending", "unfulfilled"):
        assert said in words


def test_names_are_escaped():
    placed_order(shipping_address={"name": "<script>alert(1)</script>", "line1": "1", "city": "B", "country": "DE"})

    page = browser().get(LIST).content.decode()

    assert "<script>alert(1)" not in page
    assert "&lt;script&gt;alert(1)" in page


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("status", "RELEASED"),
        ("financial", "PENDING"),
        ("fulfillment", "FULFILLED"),
        ("held_for", "PAYMENT"),
        ("country", "FR"),
        ("test", "1"),
        ("tag", "vip"),
        ("totals", "mismatch"),
        ("placed_at_to", "2026-11-20"),
    ],
)
def test_each_filter_leaves_what_it_names(name, value):
    different = {
        "status": {},
        "financial": {"payment": {"status": "PENDING"}},
        "fulfillment": {"fulfilled_at": NOON.isoformat()},
        "held_for": {"payment": {"status": "PENDING"}},
        "country": {"shipping_address": {"name": "A", "line1": "1", "city": "Lyon", "country": "FR"}},
        "test": {"test": True},
        "tag": {"tags": ["vip"]},
        "totals": {"total": "20.00"},
        "placed_at_to": {"at": NOON - ONE_DAY},
    }[name]
    placed_order()
    wanted = released_order(at=NOON) if name == "status" else placed_order(**different)

    assert table_rows(browser().get(LIST, {name: value})) == [wanted]


def test_the_channel_filter_leaves_one_channel():
    placed_order()
    amazon = channel("amazon-de")
    wanted = placed_order(channel="amazon-de")

    assert table_rows(browser().get(LIST, {"channel": amazon.pk})) == [wanted]


def test_the_last_day_of_a_range_belongs_to_it():
    late = placed_order(at=NOON + timedelta(minutes=5))

    assert table_rows(browser().get(LIST, {"placed_at_from": "2026-11-21", "placed_at_to": "2026-11-21"})) == [late]
    assert not table_rows(browser("bob").get(LIST, {"placed_at_from": "2026-11-22"}))


def test_views_hold_what_people_look_for_every_day():
    channel("market", already_sold=True)
    held, released = placed_order(), released_order()
    unpaid, odd = placed_order(payment={"status": "PENDING"}), placed_order(total="20.00")
    short = placed_order([line("TEE-M-BLK", 500)], channel="market")
    client = browser()

    def view(name):
        return set(table_rows(client.get(LIST, {"view": name})))

    assert view("all") == {held, released, unpaid, odd, short}
    assert view("held") == {held, unpaid, odd, short}
    assert view("short") == {short}
    assert view("mismatch") == {odd}
    assert view("payment") == {unpaid}
    assert view("released") == {released}


def test_a_hold_that_ran_out_holds_no_longer():
    order = placed_order(at=NOW - timedelta(hours=2))
    assert Hold.objects.get().until < NOW

    response = browser().get(LIST, {"held_for": "EDIT_WINDOW"})

    assert order not in table_rows(response)


def test_the_list_opens_as_its_reader_left_it():
    placed_order()
    client = browser()
    client.get(LIST, {"status": "HELD", "country": "DE"})

    again = client.get(LIST)

    assert again.status_code == 302
    assert again["Location"] == f"{LIST}?status=HELD&country=DE"


def test_what_one_reader_filters_by_is_not_remembered_for_another():
    browser().get(LIST, {"status": "HELD"})

    assert browser("bob").get(LIST).status_code == 200


def test_clearing_the_filters_forgets_them():
    client = browser()
    client.get(LIST, {"status": "HELD"})

    client.get(LIST, {"view": "all"})

    assert client.get(LIST).status_code == 200


def test_a_search_and_a_page_are_not_remembered():
    place_many(60)
    client = browser()
    client.get(LIST, {"q": "nobody@example.com"})
    client.get(LIST + client.get(LIST).context["cl"].next_link)

    assert client.get(LIST).status_code == 200


def test_an_empty_field_of_the_filter_form_leaves_the_address_and_the_page():
    client = browser()

    response = client.get(LIST, {"status": "HELD", "country": "", "p": "bWzFd"})

    assert response["Location"] == f"{LIST}?status=HELD"


def test_filters_show_as_chips_that_can_be_taken_off():
    placed_order()

    response = browser().get(LIST, {"status": "HELD", "country": "DE"})

    titles = [(title, said) for title, said, _ in response.context["cl"].chips]
    assert titles == [("status", "held"), ("country", "DE")]
    assert "country=DE" in response.context["cl"].chips[0][2]
    assert "status=" not in response.context["cl"].chips[0][2]


def test_a_filter_with_nonsense_is_no_error():
    client = browser()

    assert client.get(LIST, {"channel": "nonsense"}, follow=True).status_code == 200
    assert client.get(LIST, {"placed_at_from": "yesterday"}).status_code == 200
    assert client.get(LIST, {"nonsense": "1"}, follow=True).status_code == 200


def test_the_count_stops_at_ten_thousand(monkeypatch):
    place_many(4)
    monkeypatch.setattr("oms.admin.counting.LIMIT", 3)
    client = browser()

    assert client.get(LIST, {"status": "HELD"}).context["cl"].count_text.startswith("4 ")


def test_holding_shows_at_once():
    order = placed_order()
    client = browser()
    assert not table_rows(client.get(LIST, {"held_for": "FRAUD_REVIEW"}))

    hold_order(number=order.number, reason=Hold.Reason.FRAUD_REVIEW, by=ADA, at=NOON + ONE_MINUTE)

    assert table_rows(client.get(LIST, {"held_for": "FRAUD_REVIEW"})) == [order]
