from datetime import timedelta
from decimal import Decimal

import pytest

from inventory.actions.moving import Kind, Move, move_stock
from inventory.admin.sku_page import PER_PAGE, read_history
from inventory.models import StockMovement, Variant
from tests.make.admin import NOW, text_of
from tests.make.moments import ADA, NOON, ONE_DAY
from tests.make.orders import channel, line, placed_order
from tests.make.staff import browser
from tests.make.stock import count, stocked_variant, variant, warehouse

pytestmark = pytest.mark.django_db


def page(sku: Variant) -> str:
    return f"/admin/inventory/availability/{sku.pk}/change/"


def receive(units: int, *, at=NOON, place: str = "LEJ", **fields) -> None:
    move_stock([Move(Kind.RECEIVE, "TEE-M-BLK", place, Decimal(units), **fields)], by=ADA, at=at)


def test_the_page_says_what_lies_where_and_who_has_a_promise():
    warehouse("LHR")
    tee = stocked_variant(on_hand=10, safety=2)
    count(on_hand=5, place="LHR")
    order = placed_order([line(quantity=3)])

    words = text_of(browser().get(page(tee)))

    assert "LEJ Lej 10 0 2 0 0 0" in words
    assert "Available 10 what may still be sold Promised 3" in words
    assert f"{order.number} 3 promised" in words


def test_who_waits_stands_before_who_has_a_promise():
    channel("market", already_sold=True)
    tee = stocked_variant(on_hand=1)
    promised = placed_order()
    waiting = placed_order([line(quantity=5)], channel="market")

    words = text_of(browser().get(page(tee)))

    assert words.index(f"{waiting.number} 5 waiting for stock") < words.index(f"{promised.number} 1 promised")


def test_the_warehouse_sees_no_orders_it_may_not_read():
    tee = stocked_variant()

    assert "Who has a promise" in text_of(browser(role="warehouse").get(page(tee)))


def test_movements_are_newest_first_and_page():
    tee = stocked_variant(on_hand=1)
    for number in range(PER_PAGE + 3):
        receive(1, reference=f"PO-{number}")
    client = browser()

    first = client.get(page(tee))
    older = client.get(
        f"/admin/inventory/availability/{tee.pk}/movements/?before={first.context['older']}",
        headers={"hx-request": "true"},
    )

    shown = [movement.pk for response in (first, older) for movement in response.context["movements"]]
    assert shown == list(StockMovement.objects.order_by("-id").values_list("id", flat=True))
    assert older.context["older"] is None


def test_the_curve_walks_back_from_what_is_there():
    tee = stocked_variant(on_hand=10)
    receive(5, at=NOON - ONE_DAY)
    receive(7, at=NOON - 10 * ONE_DAY)
    receive(3, at=NOON - 100 * ONE_DAY)

    history = read_history(tee.pk, Decimal(25), today=NOW.date())

    by_day = dict(history.rows)
    assert by_day[NOW.date()] == 25
    assert by_day[(NOW - ONE_DAY).date()] == 15
    assert by_day[(NOW - timedelta(days=2)).date()] == 10
    assert by_day[(NOW - timedelta(days=11)).date()] == 3
    assert len(history.days) == 60


def test_a_sku_that_was_never_in_a_warehouse_says_so():
    assert "It has never been in a warehouse." in text_of(browser().get(page(variant())))


def test_notes_and_options_are_escaped():
    tee = stocked_variant()
    receive(1, note="<script>alert(1)</script>", reference="<script>alert(1)</script>")
    Variant.objects.update(options={"size": "<script>alert(1)</script>"})

    html = browser().get(page(tee)).content.decode()

    assert "<script>alert(1)" not in html
    assert html.count("&lt;script&gt;alert(1)") >= 3


@pytest.mark.parametrize("name", ["99", "nonsense", "²"])
def test_there_is_no_page_of_a_sku_that_does_not_exist(name):
    assert browser().get(f"/admin/inventory/availability/{name}/change/").status_code == 404
