"""What to fetch, and what goes into each parcel."""

from decimal import Decimal

import pytest

from inventory.models import Warehouse
from orders.documents.pick_lists import add_up, print_pick_list
from orders.models import Fulfillment
from orders.queries.papers import read_papers
from tests.make.moments import NOON
from tests.make.orders import line
from tests.make.papers import VASE, parcel, vase
from tests.make.pdfs import count_pages, read_text, scan_barcodes
from tests.make.stock import warehouse

pytestmark = pytest.mark.django_db


def test_units_of_one_sku_are_fetched_once_for_all_parcels():
    vase(), vase("BOWL")
    numbers = [parcel(units=2).number, parcel(lines=[line(VASE, 3), line("BOWL", 1)]).number]

    totals = add_up(read_papers(numbers))

    assert [(total.sku, total.quantity) for total in totals] == [("BOWL", Decimal(1)), (VASE, Decimal(5))]


def test_the_list_has_totals_each_parcel_and_how_to_pack_it():
    found = parcel(units=2, note="Please ring twice")
    text = read_text(print_pick_list([found.number], at=NOON))
    for known in ("1 parcel · 2 units of 1 SKU", VASE, found.number, "Ada Meier, Berlin, DE", "Please ring twice"):
        assert known in text
    assert "Fragile. Each piece is wrapped" in text


def test_a_scanner_finds_each_parcel_on_the_list():
    numbers = [parcel().number for _ in range(3)]
    pdf = print_pick_list(numbers, at=NOON)
    assert sorted(code for page in scan_barcodes(pdf) for code in page) == sorted(numbers)


def test_each_warehouse_has_a_list_of_its_own_on_its_own_clock():
    warehouse("SHA")
    Warehouse.objects.filter(code="SHA").update(time_zone="Asia/Shanghai")
    here, there = parcel(), parcel()
    Fulfillment.objects.filter(pk=there.pk).update(warehouse=Warehouse.objects.get(code="SHA"))

    pdf = print_pick_list([here.number, there.number], at=NOON)

    first, second = (read_text(pdf, page) for page in range(count_pages(pdf)))
    assert "Pick list LEJ" in first and there.number not in first and "Printed 2026-11-21 12:00" in first
    assert "Pick list SHA" in second and here.number not in second and "Printed 2026-11-21 20:00" in second
