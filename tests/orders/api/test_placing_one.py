"""POST /orders: one order, placed once whatever is repeated."""

import pytest

from oms.models import StoredAnswer
from orders.models import Order
from tests.make.moments import FIFTY_YEARS
from tests.make.orders import BERLIN, channel, line, open_holds, order_body
from tests.make.partners import fresh, make_partner
from tests.make.snapshots import facts_of, nothing_changes
from tests.make.stock import SKU, promises, stocked_variant

pytestmark = pytest.mark.django_db


@pytest.fixture
def partner():
    channel(minutes=FIFTY_YEARS), stocked_variant(on_hand=10)
    return make_partner("orders:write", "orders:read")


def post(partner, body, *, label=None):
    return partner.post("/orders", body, label=label or fresh())


def test_an_order_is_placed_and_shown(partner):
    answer = post(partner, order_body([line(quantity=2, external_id="l1", tax="6.35")], total="39.80"))
    order = Order.objects.get()
    shown = answer.json()
    assert (answer.status_code, answer["Location"]) == (201, f"/api/v1/orders/{order.number}")
    assert answer["ETag"] == '"1"'
    assert (shown["number"], shown["status"], shown["financial_status"]) == (order.number, "HELD", "PAID")
    assert shown["total"] == {"amount": "39.80", "currency": "EUR"}
    assert shown["balance"] == {"amount": "0.00", "currency": "EUR"}
    assert [(one["id"], one["sku"], one["quantity"]) for one in shown["lines"]] == [(order.lines.get().pk, SKU, 2)]
    assert [hold["reason"] for hold in shown["holds"]] == open_holds(order)
    assert shown["shipping_address"] == BERLIN | {"company": "", "line2": "", "province": "", "phone": ""}


def test_an_order_that_was_placed_reads_the_same_afterwards(partner):
    placed = post(partner, order_body(placed_at="2026-11-21T12:00:00Z")).json()
    assert partner.get(f"/orders/{placed['number']}").json() == placed


def test_the_key_signs_what_it_placed(partner):
    number = post(partner, order_body()).json()["number"]
    (event,) = partner.get(f"/orders/{number}/timeline").json()["results"]
    assert (event["type"], event["by"]) == ("order.placed", partner.key.actor)


def test_the_same_order_again_is_answered_as_it_is(partner):
    body = order_body(external_id="7")
    first = post(partner, body)
    with nothing_changes():
        again = post(partner, body | {"note": "other"})
    assert (again.status_code, again.json()["number"]) == (200, first.json()["number"])
    assert again["Location"] == first["Location"]


def test_the_same_request_again_is_answered_again(partner):
    body, label = order_body(), fresh()
    first = post(partner, body, label=label)
    with nothing_changes():
        again = post(partner, body, label=label)
    assert (again.status_code, again.content) == (201, first.content)
    assert again["Idempotent-Replayed"] == "true"


def test_without_an_idempotency_key_nothing_is_placed(partner):
    with nothing_changes():
        answer = partner.post("/orders", order_body())
    assert (answer.status_code, answer.json()["code"]) == (400, "idempotency_key_missing")


def test_a_sold_out_sku_is_named_with_what_is_left_and_nothing_changes(partner):
    label, body = fresh(), order_body([line(quantity=12)])
    with nothing_changes():
        answer = post(partner, body, label=label)
    assert (answer.status_code, answer["Content-Type"]) == (409, "application/problem+json")
    assert answer.json()["code"] == "stock_short"
    assert answer.json()["skus"] == [{"sku": SKU, "wanted": 12, "available": 10}]
    assert post(partner, body, label=label)["Idempotent-Replayed"] == "true"


def test_a_channel_that_sells_elsewhere_is_never_refused_for_stock(partner):
    channel("amazon", already_sold=True, minutes=FIFTY_YEARS)
    answer = post(partner, order_body([line(quantity=12)], channel="amazon"))
    assert answer.status_code == 201
    assert [hold["reason"] for hold in answer.json()["holds"]] == ["EDIT_WINDOW", "STOCK_SHORT"]


@pytest.mark.parametrize(
    ("fields", "pointer", "code"),
    [
        ({"channel": "none"}, "/channel", "unknown_channel"),
        ({"lines": [line("NONE")]}, "/lines/0/sku", "unknown_sku"),
        ({"lines": [line(quantity="0.5")]}, "/lines/0/quantity", "fractional_quantity"),
        ({"lines": [line(quantity=0)]}, "/lines/0/quantity", "invalid_quantity"),
        ({"lines": [line(unit_price=19.90)]}, "/lines/0/unit_price", "invalid_amount"),
        ({"lines": [line(tax="0.001")]}, "", "too_many_decimals"),
        ({"currency": "EURO"}, "/currency", "string_pattern_mismatch"),
        ({"placed_at": "2026-11-21T12:00:00"}, "/placed_at", "timezone_aware"),
        ({"placed_at": 1732100000}, "/placed_at", "not_a_moment"),
        ({"placed_at": "1900-01-01T00:00:00Z"}, "/placed_at", "impossible_date"),
        ({"placed_at": "2100-01-01T00:00:00Z"}, "/placed_at", "impossible_date"),
        ({"colour": "red"}, "/colour", "extra_forbidden"),
        ({"shipping_address": None}, "/shipping_address", "no_address"),
    ],
)
def test_a_wrong_order_is_answered_with_a_pointer_and_nothing_changes(partner, fields, pointer, code):
    with nothing_changes():
        answer = post(partner, order_body(**fields))
    assert answer.status_code == 422
    assert [(error["pointer"], error["code"]) for error in answer.json()["errors"]] == [(pointer, code)]


def test_a_channel_beyond_the_keys_limits_is_unknown_to_it(partner):
    channel("secret")
    limited = make_partner("orders:write", channels=("web",))
    with nothing_changes():
        answer = post(limited, order_body(channel="secret"))
    assert [error["code"] for error in answer.json()["errors"]] == ["unknown_channel"]
    assert post(limited, order_body()).status_code == 201


def test_a_key_without_the_scope_places_nothing(partner):
    reader = make_partner("orders:read")
    with nothing_changes():
        assert post(reader, order_body()).status_code == 403
    assert not StoredAnswer.objects.exists()


def test_an_order_with_every_field_is_taken_and_shown(partner):
    body = order_body(
        [line(quantity=2, external_id="l1", title="Tee", discount="0.90", tax="6.20", properties={"engraving": "A ♥"})],
        external_number="#1001", shipping={"method": "express", "amount": "9.90", "tax": "1.58"}, discount="1.00",
        tip="2.00", duty="3.00", total="52.80", tags=["gift"], note="Ring twice.", billing_address=BERLIN,
        presentment={"currency": "JPY", "total": "8600"}, payment=None,
        payments=[{"status": "PAID", "amount": "40.00", "reference": "a"}, {"status": "PENDING", "amount": "12.80"}],
        refunds=[{"external_id": "r1", "amount": "5.00", "refunded_at": "2026-11-21T12:00:00Z", "reason": "late"}],
    )  # fmt: skip
    shown = post(partner, body).json()
    assert shown["money"]["total"]["amount"] == "52.80"
    assert (shown["paid"]["amount"], shown["refunded"]["amount"], shown["balance"]["amount"]) == (
        "40.00",
        "5.00",
        "12.80",
    )
    assert shown["presentment"] == {"amount": "8600", "currency": "JPY"}
    assert shown["lines"][0]["properties"] == {"engraving": "A ♥"}
    assert [payment["status"] for payment in shown["payments"]] == ["CAPTURED", "PENDING"]
    assert [refund["external_id"] for refund in shown["refunds"]] == ["r1"]
    assert facts_of("order.placed")["total"] == {"amount": "52.80", "currency": "EUR"}
    assert promises() == (10, 2)


def test_a_day_before_which_it_must_not_leave_is_kept_and_shown(partner):
    body = order_body(placed_at="2026-11-21T12:00:00Z", ship_after="2026-12-03")
    shown = post(partner, body).json()
    assert shown["ship_after"] == "2026-12-03"
    assert partner.get(f"/orders/{shown['number']}").json()["ship_after"] == "2026-12-03"
    assert post(partner, order_body()).json()["ship_after"] is None


def test_a_day_out_of_reach_is_refused_at_its_place_and_changes_nothing(partner):
    with nothing_changes():
        answer = post(partner, order_body(placed_at="2026-11-21T12:00:00Z", ship_after="2026-11-01"))
    assert answer.status_code == 422
    assert [(each["pointer"], each["code"]) for each in answer.json()["errors"]] == [
        ("/ship_after", "ship_after_out_of_reach")
    ]
