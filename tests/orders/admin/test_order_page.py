from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from inventory.models import Variant
from orders.actions.cancelling import cancel_order
from orders.actions.holding import hold_order
from orders.admin.timeline import PER_PAGE
from orders.models import Hold, Order
from tests.make.admin import text_of
from tests.make.moments import ADA, NOON, ONE_MINUTE
from tests.make.orders import channel, line, placed_order, released_order
from tests.make.staff import browser
from tests.make.stock import stocked_variant

pytestmark = pytest.mark.django_db


def page(order: Order | str) -> str:
    number = order if isinstance(order, str) else order.number
    return f"/admin/orders/order/{number}/change/"


def read(order: Order) -> str:
    return text_of(browser().get(page(order)))


def test_an_order_in_its_window_says_what_it_waits_for():
    words = read(placed_order())

    assert "Held until 12:30 while the customer may edit; then it goes to the warehouse." in words


def test_an_order_that_waits_for_several_things_names_them():
    words = read(placed_order(payment={"status": "PENDING"}, total="21.00"))

    assert "Held: it waits for payment of 19.90 EUR, and somebody must look at its totals." in words
    assert "The customer may still edit until 12:30." in words


def test_a_released_order_says_that_a_warehouse_is_looked_for():
    assert "Released 10 min ago; a warehouse is looked for." in read(released_order())


def test_a_cancelled_order_says_why_and_what_is_owed_back():
    order = placed_order()
    cancel_order(number=order.number, reason="Customer asked for it", by=ADA, at=NOON + ONE_MINUTE)

    words = read(order)

    assert "Cancelled 9 min ago: Customer asked for it. 19.90 EUR is owed back to the customer." in words
    assert "Owed back 19.90 EUR" in words


def test_a_closed_order_has_nothing_left_to_do():
    assert "Nothing is left to do" in read(placed_order(fulfilled_at=NOON.isoformat()))


def test_money_shows_every_part_and_what_the_channel_says_otherwise():
    stocked_variant()
    order = placed_order(
        [line(quantity=2, discount="4.00", tax="5.72")],
        shipping={"method": "express", "amount": "9.90"},
        tip="1.00",
        duty="2.00",
        total="50.00",
        presentment={"currency": "CHF", "total": "48.10"},
    )

    words = read(order)

    for said in (
        "Items 39.80 EUR",
        "Discounts − 4.00 EUR",
        "Shipping 9.90 EUR",
        "Tip 1.00 EUR",
        "Duty 2.00 EUR",
        "Tax (included) 5.72 EUR",
        "Total 48.70 EUR",
        "The channel says 50.00 EUR we count 1.30 EUR less",
        "The customer saw 48.10 CHF",
    ):
        assert said in words


def test_yen_have_no_decimals():
    stocked_variant()
    order = placed_order([line(unit_price="1990")], currency="JPY")

    assert "Total 1,990 JPY" in read(order)


def test_lines_say_what_is_promised_and_what_waits():
    stocked_variant("TEE-M-BLK", 1)
    stocked_variant("COAT-L", 5)
    channel("market", already_sold=True)
    order = placed_order([line("TEE-M-BLK", 3), line("COAT-L", 2)], channel="market")

    words = read(order)

    assert "3 waiting" in words
    assert "2 promised" in words
    assert "This hold ends when stock arrives" in words


def test_a_hold_that_can_be_lifted_has_its_button_and_others_say_why_not():
    order = placed_order(payment={"status": "PENDING"})
    hold = order.holds.get(reason=Hold.Reason.PAYMENT)
    window = order.holds.get(reason=Hold.Reason.EDIT_WINDOW)

    html = browser().get(page(order)).content.decode()

    assert f"/holds/{hold.pk}/lift/" in html
    assert f"/holds/{window.pk}/lift/" not in html
    assert "The edit window ends by itself" in html


def test_everything_that_strangers_wrote_is_escaped():
    hostile = "<script>alert(1)</script>"
    stocked_variant()
    order = placed_order(
        [line(title=hostile, properties={hostile: hostile})],
        customer={"email": "a@example.com", "name": hostile, "phone": hostile[:40]},
        shipping_address={"name": hostile, "line1": hostile, "city": hostile, "country": "DE"},
        note=hostile,
        tags=[hostile],
        shipping={"method": hostile},
        external_number=hostile,
    )
    hold_order(number=order.number, reason="STAFF", detail=hostile, by=ADA, at=NOON)
    cancel_order(number=order.number, reason=hostile, by=ADA, at=NOON)

    html = browser().get(page(order)).content.decode()

    assert "<script>alert(1)" not in html
    assert html.count("&lt;script&gt;alert(1)") > 8


@pytest.mark.parametrize(
    ("colour", "swatch"), [("Navy", "#1f2d4d"), ("red; background: url(//evil)", ""), ("unheard of", "")]
)
def test_only_colours_that_are_known_by_name_become_a_swatch(colour, swatch):
    stocked_variant()
    Variant.objects.update(options={"colour": colour})

    response = browser().get(page(placed_order()))

    assert [shown.swatch for shown in response.context["lines"]] == [swatch]


def test_the_timeline_is_newest_first_and_pages():
    order = placed_order()
    for turn in range(PER_PAGE + 5):
        hold_order(number=order.number, reason=["STAFF", "FRAUD_REVIEW"][turn % 2], by=ADA, at=NOON)
        Hold.objects.filter(order=order, reason__in=["STAFF", "FRAUD_REVIEW"]).delete()
    client = browser()

    first = client.get(page(order)).context["timeline"]
    rest = client.get(
        f"/admin/orders/order/{order.number}/timeline/?before={first.older}", headers={"hx-request": "true"}
    )

    assert len(first.moments) == PER_PAGE
    older = rest.context["timeline"]
    assert first.moments[-1].sequence == older.moments[0].sequence + 1
    assert older.moments[-1].said == "Placed on web: 1 line, 19.90 EUR"
    assert older.older is None


def test_without_javascript_older_events_show_on_the_whole_page():
    order = placed_order()

    response = browser().get(f"/admin/orders/order/{order.number}/timeline/?before=2")

    assert response["Location"] == f"{page(order)}?before=2#timeline"


def test_the_page_takes_as_many_queries_for_twenty_lines_as_for_two():
    stocked_variant(on_hand=100)
    client, orders = browser(), [placed_order([line() for _ in range(count)]) for count in (2, 20)]

    def count_queries(order: Order) -> int:
        with CaptureQueriesContext(connection) as captured:
            client.get(page(order))
        return len(captured)

    assert count_queries(orders[0]) == count_queries(orders[1])


def test_there_is_no_page_of_an_order_that_does_not_exist():
    assert browser().get(page("999")).status_code == 404


def test_the_order_cannot_be_edited_or_deleted_as_a_form():
    order, client = placed_order(), browser(superuser=True)

    client.post(page(order), {"status": "CLOSED", "total": "0"})

    assert client.post(f"/admin/orders/order/{order.number}/delete/", {"post": "yes"}).status_code == 403
    order.refresh_from_db()
    assert (order.status, order.total) == (Order.Status.HELD, Decimal("19.90"))
