"""POST /orders/batch: up to 500, each standing alone."""

import pytest

from orders.models import Order
from tests.make.orders import channel, line, order_body
from tests.make.partners import fresh, make_partner
from tests.make.snapshots import nothing_changes
from tests.make.stock import stocked_variant

pytestmark = pytest.mark.django_db


@pytest.fixture
def partner():
    channel(), stocked_variant(on_hand=3)
    return make_partner("orders:write", channels=("web",))


def post(partner, *members, label=None):
    return partner.post("/orders/batch", {"orders": list(members)}, label=label or fresh())


def test_each_member_is_answered_in_its_place(partner):
    channel("secret")
    known = post(partner, order_body(external_id="7")).json()["results"][0]["number"]
    answer = post(
        partner,
        order_body(),
        {"nonsense": True},
        order_body(external_id="7"),
        order_body([line("NONE")]),
        order_body(channel="secret"),
        order_body([line(quantity=2)]),
        order_body(),
    )
    results = answer.json()["results"]
    assert answer.status_code == 200
    assert [result["status"] for result in results] == [
        "placed", "refused", "known", "refused", "refused", "refused", "placed",
    ]  # fmt: skip
    assert results[2]["number"] == known
    assert [result["errors"][0]["code"] for result in results[3:6]] == ["unknown_sku", "unknown_channel", "stock_short"]
    assert [result["number"] for result in results if result["status"] == "refused"] == [None] * 4
    assert Order.objects.count() == 3


def test_errors_point_into_their_own_member(partner):
    (result,) = post(partner, order_body([line(), line("NONE")])).json()["results"]
    assert [error["pointer"] for error in result["errors"]] == ["/lines/1/sku"]


def test_the_same_batch_again_is_answered_again_and_under_another_key_is_known(partner):
    members, label = [order_body(), order_body()], fresh()
    first = post(partner, *members, label=label)
    with nothing_changes():
        again, other = post(partner, *members, label=label), post(partner, *members)
    assert (again.content, again["Idempotent-Replayed"]) == (first.content, "true")
    assert [result["status"] for result in other.json()["results"]] == ["known", "known"]


@pytest.mark.parametrize("members", [[], [order_body()] * 501])
def test_none_and_more_than_five_hundred_are_refused(partner, members):
    with nothing_changes():
        assert post(partner, *members).status_code == 422


def test_a_member_that_is_no_object_refuses_the_whole(partner):
    with nothing_changes():
        assert post(partner, order_body(), "order").status_code == 422
