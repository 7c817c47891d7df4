"""What returns cost, as those read it who may; and the places that take them."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.urls import reverse
from django.utils import timezone

from returns.models import ReturnCost, ReturnNode
from returns.queries.cost_sums import KINDS, sum_return, sum_skus
from tests.make.carriers import address_warehouse
from tests.make.returns import line_of, open_return
from tests.make.staff import browser

pytestmark = pytest.mark.django_db

COSTS = "admin:returns_returncost_changelist"
NODES = "admin:returns_returnnode_changelist"


def note(found, kind, amount, item=None):
    key = f"{found.number}:{kind}:{item.pk if item else ''}"
    ReturnCost.objects.create(
        of=found, item=item, kind=kind, amount=Decimal(amount), currency="EUR", key=key, at=timezone.now()
    )


@pytest.fixture
def costly():
    found = open_return()
    item = found.items.get()
    note(found, "FREIGHT_BACK", "4.90")
    note(found, "WRITE_DOWN", "7.50", item)
    note(found, "FEE", "-2.00")
    return found


def test_what_concerns_the_whole_return_is_shared_among_its_skus(costly):
    (cost,) = sum_skus(since=timezone.now() - timedelta(days=1))
    assert (cost.sku, cost.sum.total) == (line_of(costly.order).sku, Decimal("10.40"))
    assert sum_return(costly.number)[0].total == Decimal("10.40")
    assert dict(zip(KINDS, cost.sum.parts, strict=True))["FREIGHT_BACK"] == Decimal("4.90")


def test_finance_reads_what_returns_cost_by_sku(costly):
    page = browser(role="finance").get(reverse(COSTS)).content.decode()
    assert line_of(costly.order).sku in page
    assert "10.40" in page
    assert "<svg" in page


def test_before_anything_came_back_the_page_says_so():
    assert "Nothing came back" in browser(role="finance").get(reverse(COSTS), {"days": "bad"}).content.decode()


@pytest.mark.parametrize("page", [COSTS, NODES])
def test_a_partners_people_read_neither_costs_nor_places(costly, page):
    assert browser(role="partner").get(reverse(page)).status_code == 403


def test_operations_set_up_a_place_that_takes_returns():
    place = address_warehouse()
    said = {"warehouse": place.pk, "kind": "PARTNER", "countries": "ch, li", "active": "on", "handling_cost": "1.50"}
    said |= {"currency": "eur", "resale_percent": "70", "instructions": ""}
    answer = browser(role="operations").post(reverse("admin:returns_returnnode_add"), said)
    assert answer.status_code == 302, answer.context["errors"]
    node = ReturnNode.objects.get()
    assert (node.countries, node.currency, node.resale_percent) == (["CH", "LI"], "EUR", 70)


@pytest.mark.parametrize(("field", "value"), [("countries", "XX"), ("currency", "ABC"), ("resale_percent", "101")])
def test_nonsense_about_a_place_is_refused(field, value):
    said = {"warehouse": address_warehouse().pk, "kind": "STORE", "handling_cost": "0", "currency": "EUR"}
    said |= {"resale_percent": "60", field: value}
    answer = browser(role="operations").post(reverse("admin:returns_returnnode_add"), said)
    assert answer.status_code == 200
    assert not ReturnNode.objects.exists()
