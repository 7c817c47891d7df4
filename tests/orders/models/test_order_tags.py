"""Orders by their tags: as quickly found where few orders bear a tag as where many do."""

import pytest
from django.db import connection, models

from oms.transactions import run_transaction
from orders.actions.intake.updating import update_order
from orders.models import Order
from tests.make.admin import at_noon, fresh_cache
from tests.make.moments import ADA, NOON, ONE_MINUTE
from tests.make.orders import channel, incoming, placed_order
from tests.make.partners import make_partner
from tests.make.staff import browser
from tests.make.statements import rows_touched, statements_made

__all__ = ["at_noon", "fresh_cache"]

pytestmark = pytest.mark.django_db

MANY, PAGE = 20_000, 50
SOLD_FOR_YEARS = """
INSERT INTO orders_order (number, channel_id, external_id, status, currency, item_total, total, tags, placed_at)
SELECT 9000000 + i, %s, 'old-' || i, 'RELEASED', 'EUR', 10, 10,
       CASE WHEN i %% 3 = 0 THEN '{gift}' WHEN i <= 2000 THEN '{sale-2019}' ELSE '{}' END::text[],
       timestamptz '2019-01-01' + i * interval '3 hours'
FROM generate_series(1, %s) AS i
"""


@pytest.fixture
def _years():
    """A third of the orders are gifts, in the first year there was a sale."""
    with connection.cursor() as cursor:
        cursor.execute(SOLD_FOR_YEARS, [channel().pk, MANY])
        cursor.execute("ANALYZE orders_order, orders_ordertag")


def tagged(tag: str) -> models.QuerySet[Order]:
    return Order.objects.tagged(tag)


@pytest.mark.usefixtures("_years")
@pytest.mark.parametrize(("tag", "deep"), [("unused", False), ("gift", False), ("gift", True), ("sale-2019", False)])
def test_a_page_of_a_tag_reads_a_page_of_rows_however_many_bear_it(tag, deep):
    partner, staff = make_partner("orders:read"), browser()
    places = [f"/orders?tag={tag}&limit={PAGE}", f"/admin/orders/order/?tag={tag}"]
    if deep:
        cursor = partner.get(f"/orders?tag={tag}&limit=250").json()["next_cursor"]
        places = [f"{places[0]}&cursor={cursor}", f"{places[1]}&p={token_of(staff.get(places[1]))}"]

    with statements_made() as statements:
        assert partner.get(places[0]).status_code == staff.get(places[1]).status_code == 200

    lists = [sql for sql in statements if "ordertag" in sql and "ORDER BY" in sql]
    assert len(lists) == 2
    assert max(map(rows_touched, lists)) <= 10 * PAGE


def token_of(page) -> str:
    return page.context["cl"].page.next


@pytest.mark.usefixtures("_years")
def test_pages_of_a_tag_have_each_order_once_newest_first():
    partner, found, cursor = make_partner("orders:read"), [], ""
    while cursor is not None:
        page = partner.get(f"/orders?tag=sale-2019&limit=250&cursor={cursor}").json()
        found += [order["number"] for order in page["results"]]
        cursor = page["next_cursor"]

    bear_it = Order.objects.filter(tags__contains=["sale-2019"]).order_by("-placed_at", "-id")
    assert found == list(bear_it.values_list("number", flat=True))
    assert len(found) == 1334


def test_an_order_is_found_by_the_tags_it_has_now():
    order = placed_order(tags=["gift", "vip", "gift"])
    assert [list(tagged(tag)) for tag in ("gift", "vip", "express")] == [[order], [order], []]

    later = NOON + ONE_MINUTE
    message = incoming(external_id=order.external_id, tags=["vip", "express"], updated_at=later.isoformat())
    run_transaction(lambda: update_order(order.number, message, by=ADA, at=later))
    assert [list(tagged(tag)) for tag in ("gift", "vip", "express")] == [[], [order], [order]]

    Order.objects.update(tags=[])
    assert not tagged("vip").exists()


def test_an_order_keeps_its_place_among_those_of_its_tag():
    first, second = placed_order(tags=["gift"]), placed_order(tags=["gift"], at=NOON + ONE_MINUTE)
    assert list(tagged("gift").order_by(*tagged("gift").newest)) == [second, first]
    Order.objects.filter(pk=first.pk).update(placed_at=NOON + 2 * ONE_MINUTE)
    assert list(tagged("gift").order_by(*tagged("gift").newest)) == [first, second]


def test_what_changed_since_can_be_asked_for_a_tag_too():
    first, second, _ = placed_order(tags=["gift"]), placed_order(tags=["gift"], at=NOON + ONE_MINUTE), placed_order()
    page = make_partner("orders:read").get("/orders?tag=gift&updated_after=2026-11-21T11:00:00Z").json()
    assert [order["number"] for order in page["results"]] == [first.number, second.number]
