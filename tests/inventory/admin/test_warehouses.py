"""Opening and closing warehouses from their page."""

import re
from datetime import date

import pytest

from inventory.admin.places import say_days
from inventory.models import Warehouse
from tests.make.admin import text_of
from tests.make.orders import open_holds, placed_order
from tests.make.snapshots import nothing_changes
from tests.make.staff import browser, said
from tests.make.stock import promises, stocked_variant, warehouse

pytestmark = pytest.mark.django_db

SWITCH = "/admin/inventory/warehouse/LEJ/switch/"


def test_closing_a_warehouse_asks_first_and_says_what_it_means():
    stocked_variant(on_hand=5)
    ada = browser()
    with nothing_changes():
        page = ada.get(SWITCH)
    assert "Orders whose promise rested on it go short" in text_of(page)


def test_a_closed_warehouse_sells_nothing_and_its_orders_go_short():
    stocked_variant(on_hand=5)
    order = placed_order()
    answer = browser().post(SWITCH)
    assert said(answer)[0].endswith("is closed.")
    assert (promises(), "STOCK_SHORT" in open_holds(order)) == ((0, 0), True)


def test_an_opened_warehouse_sells_again():
    stocked_variant(on_hand=5)
    browser().post(SWITCH)
    browser().post(SWITCH)
    assert (Warehouse.objects.get(code="LEJ").active, promises()) == (True, (5, 0))


def test_support_may_not_close_a_warehouse():
    stocked_variant(on_hand=5)
    helper = browser("sue", role="support")
    with nothing_changes():
        assert helper.post(SWITCH).status_code == 403


def page() -> str:
    return f"/admin/inventory/warehouse/{warehouse().pk}/change/"


def keep(client, **fields):
    form = {
        "name": "Leipzig",
        "country": "DE",
        "city": "Leipzig",
        "line1": "Gießerstraße 18",
        "time_zone": "Europe/Berlin",
    }
    return client.post(page(), form | {"cut_off": "14:00", "priority": "1", "working_days": ["1", "6"]} | fields)


def test_working_days_are_seven_boxes_and_the_cut_off_stands_beside_its_zone():
    form = browser().get(page()).content.decode()

    boxes = re.findall(r"<input[^>]*name=\"working_days\"[^>]*>", form)
    assert [box.endswith(" checked>") for box in boxes] == [True] * 5 + [False] * 2
    assert form.index('name="cut_off"') < form.index('name="time_zone"') < form.index('name="working_days"')


def test_the_days_that_are_ticked_are_kept():
    keep(browser())

    kept = Warehouse.objects.get(code="LEJ")
    assert (kept.working_days, kept.time_zone, f"{kept.cut_off:%H:%M}") == ([1, 6], "Europe/Berlin", "14:00")
    assert kept.address == {"line1": "Gießerstraße 18", "city": "Leipzig", "country": "DE"}
    assert "Mon, Sat by 14:00 (Europe/Berlin)" in text_of(browser("bob").get("/admin/inventory/warehouse/"))


def test_a_warehouse_works_on_one_day_at_least():
    ada, _ = browser(), warehouse()

    with nothing_changes():
        assert "This field is required." in text_of(keep(ada, working_days=[]))


@pytest.mark.parametrize(("days", "said_as"), [([1, 2, 3, 4, 5], "Mon–Fri"), ([1, 2], "Mon, Tue"), ([], "never")])
def test_days_in_a_row_are_said_as_a_span(days, said_as):
    assert say_days(days) == said_as


def test_holidays_capacity_and_who_works_there_are_kept():
    ada = browser()

    keep(ada, holidays="2026-12-25, 2026-12-26\n2026-12-25", daily_capacity="400", partner="on")

    lej = Warehouse.objects.get(code="LEJ")
    assert (lej.holidays, lej.daily_capacity, lej.partner) == ([date(2026, 12, 25), date(2026, 12, 26)], 400, True)
    assert "partner, 400 parcels a day" in text_of(ada.get("/admin/inventory/warehouse/"))


def test_a_day_that_is_none_is_pointed_out():
    answer = keep(browser(), holidays="Christmas")

    assert "Christmas is no day; write it like 2026-12-25." in text_of(answer)
    assert Warehouse.objects.get(code="LEJ").holidays == []
