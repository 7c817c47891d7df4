"""`/orders/{number}/offers`: what is offered, taking it, refusing it; what a key may not see does not exist for it."""

import pytest

from oms.models import EventRecord
from tests.make.edits import MEDIUM, SOCKS, holds, open_shop, order_of_tees, rate
from tests.make.moments import FIFTY_YEARS
from tests.make.orders import channel
from tests.make.partners import fresh, make_partner
from tests.make.upsell import filling, state_of, ten_percent
from upsell.api.shapes import AcceptanceShape, OfferShape, OffersShape
from upsell.models import Offer

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _shop():
    open_shop()
    channel("web", minutes=FIFTY_YEARS)


@pytest.fixture
def order():
    return order_of_tees(payment=None)


def ask(partner, order, query=""):
    return partner.get(f"/orders/{order.number}/offers{query}")


def answer_offer(partner, offer, how, body=None, **headers):
    return partner.post(f"/offers/{offer}/{how}", body or {}, label=fresh(), **headers)


def test_offers_are_listed_best_first_with_what_they_cost_and_save(partner, order):
    ten_percent(words={"en": "Goes well with it"})
    answer = ask(partner, order)

    assert answer.status_code == 200, answer.json()
    shown = OffersShape.model_validate(answer.json())
    (offer,) = shown.results
    assert (offer.order, offer.state, offer.price.amount, offer.saving.amount) == (order.number, "OPEN", "6.75", "0.75")
    assert [(item.sku, item.quantity, item.discount.amount) for item in offer.items] == [(SOCKS, 1, "0.75")]
    assert (offer.placements, shown.words) == (["API"], {"en": "Goes well with it"})
    assert shown.until is not None


def test_the_gap_to_free_shipping_stands_with_what_fills_it(partner, order):
    rate("4.90", free_from="45.00")
    filling(SOCKS)
    gap = ask(partner, order).json()["gap"]
    assert {name: gap[name]["amount"] for name in ("threshold", "reached", "missing", "shipping")} == {
        "threshold": "45.00", "reached": "39.80", "missing": "5.20", "shipping": "4.90"
    }  # fmt: skip


def test_accepting_answers_with_the_offer_and_its_edit(partner, order):
    ten_percent()
    (offer,) = ask(partner, order, "?placement=EDIT").json()["results"]
    answer = answer_offer(partner, offer["id"], "acceptance", {"placement": "EDIT"})

    assert answer.status_code == 201, answer.json()
    shown = AcceptanceShape.model_validate(answer.json())
    assert (shown.offer.state, shown.offer.edit, shown.edit.state) == ("ACCEPTED", shown.edit.id, "COMMITTED")
    assert holds(order) == {MEDIUM: 2, SOCKS: 1}
    assert Offer.objects.get().accepted_through == "EDIT"
    again = answer_offer(partner, offer["id"], "acceptance")
    assert (again.status_code, again.json()["code"]) == (409, "offer_taken")


def test_what_costs_more_than_was_paid_waits_for_its_payment(partner):
    ten_percent()
    order = order_of_tees()
    (offer,) = ask(partner, order).json()["results"]
    answer = answer_offer(partner, offer["id"], "acceptance")
    assert (answer.status_code, answer.json()["offer"]["state"]) == (202, "AWAITING_PAYMENT")


def test_a_stale_version_changes_nothing(partner, order):
    ten_percent()
    (offer,) = ask(partner, order).json()["results"]
    answer = answer_offer(partner, offer["id"], "acceptance", if_match='"99"')
    assert (answer.status_code, answer.json()["code"]) == (412, "version_stale")
    assert holds(order) == {MEDIUM: 2}
    assert Offer.objects.get().accepted_through == ""


def test_what_was_refused_is_not_offered_again(partner, order):
    ten_percent()
    (offer,) = ask(partner, order).json()["results"]
    answer = answer_offer(partner, offer["id"], "refusal", {"scope": "PRODUCT"})
    assert OfferShape.model_validate(answer.json()).state == "REFUSED"
    assert ask(partner, order).json()["results"] == []


def test_it_can_be_named_in_an_edit_beside_other_changes(partner, order):
    ten_percent()
    (offer,) = ask(partner, order).json()["results"]
    (item,) = offer["items"]
    tee = order.lines.get().pk
    operations = [
        {"op": "set_quantity", "line": tee, "quantity": 1},
        {"op": "add_item", "sku": SOCKS, "quantity": 1, "offer": item["id"]},
    ]
    answer = partner.post(f"/orders/{order.number}/edits", {"operations": operations}, label=fresh())
    assert answer.status_code == 201, answer.json()
    assert state_of(Offer.objects.get()) == "ACCEPTED"
    assert holds(order) == {MEDIUM: 1, SOCKS: 1}


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"quantity": 2}, "other_than_offered"),
        ({"sku": MEDIUM}, "other_than_offered"),
        ({"offer": 987}, "unknown_offer"),
    ],
)
def test_the_price_of_an_offer_is_had_for_nothing_else(partner, order, change, code):
    ten_percent()
    (offer,) = ask(partner, order).json()["results"]
    operation = {"op": "add_item", "sku": SOCKS, "quantity": 1, "offer": offer["items"][0]["id"]} | change
    answer = partner.post(f"/orders/{order.number}/edits", {"operations": [operation]}, label=fresh())
    (error,) = answer.json()["errors"]
    assert (answer.status_code, error["code"], error["pointer"]) == (422, code, "/operations/0/offer")
    assert holds(order) == {MEDIUM: 2}


def test_an_offer_of_another_order_is_none(partner, order):
    ten_percent()
    (offer,) = ask(partner, order_of_tees(payment=None)).json()["results"]
    operation = {"op": "add_item", "sku": SOCKS, "quantity": 1, "offer": offer["items"][0]["id"]}
    answer = partner.post(f"/orders/{order.number}/edits", {"operations": [operation]}, label=fresh())
    assert answer.json()["errors"][0]["code"] == "unknown_offer"


@pytest.mark.parametrize("limits", [{"channels": ("app",)}, {"warehouses": ("LEJ",)}])
def test_what_a_key_may_not_see_is_not_there(partner, order, limits):
    channel("app")
    ten_percent()
    (offer,) = ask(partner, order).json()["results"]
    stranger = make_partner("offers:write", **limits)
    assert ask(stranger, order).status_code == 404
    for how in ("acceptance", "refusal"):
        assert answer_offer(stranger, offer["id"], how).json()["code"] == "offer_not_found"
    assert state_of(Offer.objects.get()) == "OPEN"


def test_without_the_scope_nothing_is_answered(order):
    stranger = make_partner("orders:read", "edits:write")
    assert ask(stranger, order).status_code == 403
    assert answer_offer(stranger, 1, "acceptance").status_code == 403


def test_an_unknown_place_is_said_to_be_wrong(partner, order):
    assert ask(partner, order, "?placement=SKY").status_code in (400, 422)


def test_the_log_of_events_shows_the_offer(partner, order):
    ten_percent()
    (offer,) = ask(partner, order).json()["results"]
    answer_offer(partner, offer["id"], "acceptance")
    told = [each for each in partner.get("/events").json()["results"] if each["type"].startswith("offer.")]
    assert [each["type"] for each in told] == ["offer.shown", "offer.accepted"]
    assert told[1]["data"]["offer"]["state"] == "ACCEPTED"
    assert EventRecord.objects.filter(subject_kind="offer").count() == 2


def test_who_is_limited_hears_of_offers_of_their_channels_only(partner, order):
    channel("app")
    ten_percent()
    ask(partner, order)
    types = [
        {each["type"] for each in make_partner("webhooks:write", channels=(code,)).get("/events").json()["results"]}
        for code in ("web", "app")
    ]
    assert "offer.shown" in types[0]
    assert "offer.shown" not in types[1]


def test_a_number_that_no_offer_can_have_is_not_there(partner):
    answer = answer_offer(partner, 2**64, "acceptance")
    assert (answer.status_code, answer.json()["code"]) == (404, "offer_not_found")
