"""A shop sends its buyer to the pages of their order."""

import pytest

from orders.models import Order
from orders.queries.portal_links import find_linked_order
from tests.make.orders import channel, placed_order
from tests.make.partners import fresh, make_partner
from tests.make.portal import path_of, visitor

pytestmark = pytest.mark.django_db


@pytest.fixture
def order():
    return placed_order()


def ask(order, body=None, *scopes, **limits):
    partner = make_partner(*(scopes or ("orders:write",)), **limits)
    return partner.post(f"/orders/{order.number}/links", body or {}, label=fresh())


def test_the_link_opens_the_order_at_the_page_that_was_asked_for(order):
    answer = ask(order, {"to": "returns/new/"})
    assert answer.status_code == 201
    path = path_of(answer.json()["url"])
    assert find_linked_order(path.split("/")[3].split("?")[0]) == Order.objects.get()
    assert visitor().get(path)["Location"] == f"/orders/{order.number}/returns/new/"


@pytest.mark.parametrize("to", ["//evil.example/", "../admin/", "https://evil.example/", "thanks", "thanks/?a=b"])
def test_a_link_leads_nowhere_but_below_the_order(order, to):
    answer = ask(order, {"to": to})
    assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (422, "/to")


def test_a_key_that_may_only_read_makes_no_links(order):
    assert ask(order, {}, "orders:read").status_code == 403


def test_a_key_of_another_channel_finds_no_such_order(order):
    channel("other")
    assert ask(order, {}, channels=["other"]).status_code == 404
