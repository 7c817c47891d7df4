"""The order's own page: what it says in each state, and what it offers."""

from datetime import timedelta

import pytest
import time_machine
from django.test import override_settings

from orders.actions.fulfilling.scheduling import open_due_fulfillments
from orders.actions.holding import hold_order
from orders.actions.releasing import end_edit_window
from orders.models import Hold, Order
from orders.queries.page_rows import read_page_rows
from tests.make.admin import NOW
from tests.make.edits import MEDIUM, SOCKS, add, cancel_line, edit, move, open_shop, order_of_tees
from tests.make.fulfillments import route
from tests.make.moments import ADA, NOON, ONE_HOUR
from tests.make.orders import channel, placed_order, released_order
from tests.make.portal import customer, page, words_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def order():
    open_shop()
    return order_of_tees()


def read(order, language="en"):
    answer = customer(order, language).get(page(order))
    assert answer.status_code == 200
    return words_of(answer)


def test_inside_the_window_it_says_until_when_and_whose_clock_that_is(order):
    text = read(order)
    assert "You can still change this order" in text
    assert "until 13:30 (Berlin time)" in text
    assert "20 minutes left" in text


def test_the_page_speaks_chinese(order):
    text = read(order, "zh-CN")
    assert "此订单现在还可以更改" in text
    assert "截至 13:30（柏林时间）" in text
    assert "还剩 20分钟" in text
    assert "You" not in text


def test_the_browser_s_zone_is_taken_once_it_is_known(order):
    client = customer(order)
    client.cookies["zone"] = "Asia/Shanghai"
    assert "until 20:30 (Shanghai time)" in words_of(client.get(page(order)))


def test_a_rule_is_said_in_the_customer_s_own_words(order):
    facts = {"why": "rule", "action": "WHILE_AVAILABLE", "minutes": 30, "above": 5, "campaign": "Drop"}
    order.holds.update(facts=facts)
    assert "for 30 minutes, as long as more than 5 of each item are left" in read(order)
    assert "前提是每件商品的库存都多于 5 件" in read(order, "zh-hans")


def test_after_the_window_it_says_when_it_ended_and_what_can_be_done_instead(order):
    with time_machine.travel(NOON + timedelta(minutes=31), tick=False):
        text = read(order)
    assert "The time for changes is over" in text
    assert "Closed since 13:30 (Berlin time)" in text
    assert "Change or remove" not in text
    assert "can often still be changed by hand" in text


def test_a_window_that_low_stock_ended_names_the_thing_by_its_title(order):
    because = {"code": "low_stock", "skus": [MEDIUM]}
    order.holds.update(closed_at=NOW, closed_by="system", closed_because=because)
    assert "Linen tee nearly sold out while you could still make changes" in read(order)


def test_an_order_that_never_had_a_window_says_why(order):
    facts = {"why": "low_stock", "sku": MEDIUM, "available": 1}
    order.holds.update(closed_at=NOON, closed_by="system", closed_because={"code": "no_window"}, facts=facts)
    assert "Only few of Linen tee are left" in read(order)


@pytest.mark.parametrize("change", [{"holds": {"staff_only": True}}, {"order": {"self_service": "CONTROL"}}])
def test_who_may_not_edit_is_told_whom_to_write_to(order, change):
    order.holds.update(**change.get("holds", {"rule": "x"}))
    Order.objects.filter(pk=order.pk).update(**change.get("order", {"note": "x"}))
    with override_settings(SHOP_CONTACT="hello@example.com"):
        text = read(order)
    assert "Changes to this order are made by our team" in text
    assert "Write to us" in text
    assert "Change or remove" not in text
    assert "Cancel the whole order" not in text


@pytest.mark.parametrize(
    ("reason", "said"),
    [
        (Hold.Reason.PAYMENT, "Your order waits for payment"),
        (Hold.Reason.STOCK_SHORT, "Something is not in stock yet"),
        (Hold.Reason.ADDRESS_CHECK, "We are checking the address"),
        (Hold.Reason.FRAUD_REVIEW, "We are taking a closer look"),
        (Hold.Reason.STAFF, "We are taking a closer look"),
    ],
)
def test_what_an_order_waits_for_is_said_without_our_own_words(order, reason, said):
    hold_order(number=order.number, reason=reason, detail="secret", by=ADA, at=NOON)
    text = read(order)
    assert said in text
    assert "secret" not in text
    assert "fraud" not in text.lower()


def test_a_released_order_is_being_prepared():
    text = read(released_order())
    assert "We are preparing your order" in text
    assert "The order went to the warehouse" in text


def test_a_cancelled_order_says_where_the_money_is(order):
    customer(order).post(page(order, "cancellation"), {"version": order.version})
    text = read(order)
    assert "This order was cancelled" in text
    assert "You cancelled the order" in text
    assert "Time for changes" not in text


def test_a_change_that_waits_for_payment_stands_on_top(order):
    edit(order, add(SOCKS), at=NOW)
    text = read(order)
    assert "A change waits for your payment" in text
    assert "Until then your order stays as it was" in text
    assert "Change or remove" not in text


def test_the_story_tells_what_concerns_the_customer_and_who_did_it(order):
    edit(order, move(), at=NOW)
    hold_order(number=order.number, reason=Hold.Reason.STAFF, detail="odd", by=ADA, at=NOW)
    said = [moment.said for moment in customer(order).get(page(order)).context["history"]]
    assert said == ["You changed the order", "You placed the order"]


def test_a_line_that_was_taken_away_is_gone_from_the_page(order):
    edit(order, cancel_line(order), add(SOCKS), at=NOW)
    assert [item.title for item in customer(order).get(page(order)).context["items"]] == ["Wool socks"]


def test_sizes_have_names_and_colours_are_only_taken_from_our_table():
    channel()
    order = placed_order()
    variant = order.lines.get().variant
    variant.options = {"size": "M", "colour": 'red;"><script>'}
    variant.save()
    answer = customer(order).get(page(order))
    assert "Size: M, medium" in words_of(answer)
    assert b"<script>" not in answer.content
    assert answer.context["items"][0].swatch == ""


def test_what_somebody_wrote_into_an_address_is_shown_as_text():
    hostile = {"name": "<img src=x onerror=alert(1)>", "line1": "1 A", "city": "B", "country": "DE"}
    order = placed_order(shipping_address=hostile)
    assert b"<img src=x" not in customer(order).get(page(order)).content


def test_no_cache_keeps_the_page_and_nothing_runs_that_is_not_ours(order):
    answer = customer(order).get(page(order))
    assert "no-store" in answer["Cache-Control"]
    policy = answer["Content-Security-Policy"]
    assert "unsafe" not in policy
    assert b" style=" not in answer.content
    assert b" onclick=" not in answer.content


def test_the_part_that_time_changes_is_fetched_alone(order):
    client = customer(order)
    part = client.get(page(order, "standing"), headers={"hx-request": "true"})
    assert b"<html" not in part.content
    assert b"<html" in client.get(page(order, "standing")).content


def test_the_page_takes_as_many_statements_for_many_lines_as_for_one(django_assert_max_num_queries):
    open_shop()
    order = order_of_tees()
    client = customer(order)
    with django_assert_max_num_queries(12):
        client.get(page(order))


def test_moments_in_the_past_are_told_on_the_reader_s_clock(order):
    with time_machine.travel(NOW + 2 * ONE_HOUR, tick=False):
        client = customer(order)
        assert "21 November, 13:00" in words_of(client.get(page(order)))


def for_later():
    open_shop()
    return order_of_tees(ship_after="2026-12-03")


def test_an_order_for_later_says_from_which_day_it_goes():
    order = for_later()
    assert "Ships on 3 December at the earliest" in read(order)
    assert "最早12月3日发货" in read(order, "zh-CN")


def test_once_it_has_a_van_it_says_when_that_leaves():
    order = for_later()
    end_edit_window(number=order.number, by=ADA, at=NOON)
    route()
    text = read(order)
    assert "Your order is planned for later" in text
    assert "It ships on 3 December. We write to you when it leaves." in text
    assert "将于12月3日发货" in read(order, "zh-CN")


def test_on_its_day_it_is_an_order_like_any_other():
    order = for_later()
    end_edit_window(number=order.number, by=ADA, at=NOON)
    route()
    at = NOON.replace(month=12, day=3)
    open_due_fulfillments(at=at, limit=5)
    with time_machine.travel(at, tick=False):
        text = read(order)
    assert "Ships on" not in text
    assert "The warehouse packs it next." in text


def test_of_an_order_without_any_rows_nothing_is_told():
    rows = read_page_rows(Order(pk=0, number="none"), event_types=[])
    assert (rows.lines, rows.holds, rows.edit, rows.events, rows.repaying) == ([], [], None, [], None)
