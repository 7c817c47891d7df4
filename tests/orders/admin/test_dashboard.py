from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from orders.admin.panels import read_held_for, read_orders_a_day
from orders.models import Hold, Order
from tests.make.admin import NOW, table_rows, text_of
from tests.make.moments import NOON, ONE_DAY
from tests.make.orders import channel, line, placed_order, released_order
from tests.make.sent import Status, fulfillment, parcel
from tests.make.staff import browser
from tests.make.stock import stocked_variant

pytestmark = pytest.mark.django_db


def test_the_cards_count_what_happened_today():
    placed_order(at=NOON - ONE_DAY)
    placed_order(), released_order()

    words = text_of(browser().get("/admin/"))

    assert "Orders today 2 placed since midnight" in words
    assert "Held now 2 waiting for something" in words
    assert "Released today 1" in words
    assert "Quarantine 0 every message was taken" in words


def test_each_card_leads_to_the_list_behind_it():
    html = browser().get("/admin/").content.decode()

    for link in (
        "/admin/orders/order/?view=all&amp;placed_at_from=2026-11-21",
        "/admin/orders/order/?view=held",
        "/admin/orders/order/?view=released",
        "/admin/inventory/availability/?view=low",
        "/admin/orders/quarantinedmessage/?view=open",
        "/admin/oms/delivery/?view=dead",
    ):
        assert f'href="{link}"' in html


def test_orders_are_counted_by_day_and_channel():
    channel("amazon-de")
    placed_order(), placed_order()
    placed_order(channel="amazon-de", at=NOON - 2 * ONE_DAY)
    placed_order(at=NOON - 40 * ONE_DAY)

    days, series = read_orders_a_day(NOW)

    assert len(days) == 30
    assert [name for name, _ in series] == ["web", "amazon-de"]
    assert series[0][1][-1] == 2
    assert series[1][1][-3:] == [1, 0, 0]
    assert sum(series[0][1]) == 2


def test_channels_beyond_the_colours_are_put_together():
    for place in range(8):
        channel(f"shop-{place}")
        placed_order(channel=f"shop-{place}")

    _, series = read_orders_a_day(NOW)

    assert len(series) == 6
    assert series[-1][0] == "others"
    assert sum(series[-1][1]) == 3


def test_holds_that_ran_out_are_not_counted():
    placed_order(at=NOW - timedelta(hours=3))
    placed_order(payment={"status": "PENDING"})

    assert read_held_for(NOW) == {"EDIT_WINDOW": 1, "PAYMENT": 1}


def test_the_chart_has_its_figures_as_a_table():
    placed_order()

    html = browser().get("/admin/").content.decode()

    assert 'role="img"' in html
    assert "The figures as a table" in html
    assert "21 Nov, web: 1" in html


def test_low_stock_shows_with_how_long_it_lasts():
    stocked_variant(on_hand=2)
    placed_order([line(quantity=2)])

    words = text_of(browser().get("/admin/"))

    assert "TEE-M-BLK Linen tee" in words
    assert "Low stock 1 SKUs at their threshold" in words


def test_an_empty_shop_says_so():
    words = text_of(browser().get("/admin/"))

    assert "No orders yet." in words
    assert "Nothing is held." in words
    assert "Nothing is low." in words


def test_the_figures_are_read_once_a_minute_for_everybody():
    browser().get("/admin/")
    client = browser("bob")

    with CaptureQueriesContext(connection) as captured:
        client.get("/admin/")

    assert not [query for query in captured if "orders_order" in query["sql"]]


def test_channel_names_are_escaped_in_the_chart():
    channel("web", name="<script>alert(1)</script>")
    placed_order()

    assert "<script>alert(1)" not in browser().get("/admin/").content.decode()


def test_the_share_without_a_hand_opens_into_the_orders_that_had_one():
    untouched, touched = released_order(), released_order()
    for order in (untouched, touched):
        Hold.objects.filter(order=order).update(closed_by="system")
        parcel(fulfillment(order, status=Status.CLOSED, hands=int(order == touched)))
        Order.objects.filter(pk=order.pk).update(fulfillment_status=Order.FulfillmentStatus.FULFILLED)
    client = browser()

    page = client.get("/admin/")
    link = "/admin/orders/order/?view=all&sent_on=2026-11-21&hands=1"

    assert "Touch-free 50 % of 2 orders sent in 30 days" in text_of(page)
    assert link.replace("&", "&amp;") in page.content.decode()
    assert table_rows(client.get(link)) == [touched]
    assert table_rows(client.get(link.replace("hands=1", "hands=0"))) == [untouched]
    assert table_rows(client.get("/admin/orders/order/?view=all&sent_on=yesterday")) == []
