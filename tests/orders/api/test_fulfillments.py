"""What a warehouse or 3PL sees and does through the API."""

import base64
from typing import Any

import pytest
from django.utils import timezone

from oms.models import EventRecord
from orders.actions.holding import hold_order
from orders.actions.shipping.buying import buy_due_labels
from orders.api.fulfillment_shapes import FulfillmentShape, InterceptShape, ShipmentShape
from orders.api.shapes import OrderShape
from orders.models import Fulfillment, Label, Order, Shipment
from tests.make.fulfillments import accepted, carrier_rate, fulfillment, route, routed_order
from tests.make.moments import ADA, NOON
from tests.make.orders import channel, line
from tests.make.partners import Partner, fresh, make_partner
from tests.make.snapshots import nothing_changes
from tests.make.stock import on_hand, stocked_variant, warehouse

pytestmark = pytest.mark.django_db


@pytest.fixture
def partner() -> Partner:
    return make_partner("fulfillments:write")


def act(partner: Partner, number: str, verb: str, body: Any = None) -> Any:
    return partner.post(f"/fulfillments/{number}/{verb}", body or {}, label=fresh())


def test_a_warehouse_reads_what_it_is_to_send_and_where(partner: Partner):
    asked = fulfillment()

    answer = partner.get(f"/fulfillments/{asked.number}")

    assert answer.status_code == 200
    FulfillmentShape.model_validate(answer.json(), strict=False, extra="forbid")
    shown = answer.json()
    assert (shown["warehouse"], shown["status"], shown["request_status"]) == ("LEJ", "OPEN", "SUBMITTED")
    assert shown["shipping_address"]["city"] == "Berlin"
    (one,) = shown["lines"]
    assert (one["sku"], one["open_quantity"]) == ("TEE-M-BLK", 1)


def test_the_list_is_narrowed_and_goes_on_page_by_page(partner: Partner):
    stocked_variant(on_hand=50)
    numbers = [f"{routed_order(external_id=f'list-{each}').number}-F1" for each in range(5)]
    accepted(Order.objects.get(number=numbers[0].split("-F")[0]))

    first = partner.get("/fulfillments?limit=2&status=OPEN").json()
    second = partner.get(f"/fulfillments?limit=2&status=OPEN&cursor={first['next_cursor']}").json()

    assert [each["id"] for each in (*first["results"], *second["results"])] == numbers[1:]
    assert second["next_cursor"] is None
    assert partner.get("/fulfillments?warehouse=RTM").json()["results"] == []


def test_a_key_sees_its_own_warehouses_and_channels_alone():
    asked = fulfillment()
    for limits in ({"warehouses": ["RTM"]}, {"channels": ["amazon"]}):
        channel("amazon")
        stranger = make_partner("fulfillments:write", **limits)

        assert stranger.get("/fulfillments").json()["results"] == []
        with nothing_changes():
            for path in ("", "/acceptance", "/shipment"):
                send = stranger.post if path else stranger.get
                answer = send(f"/fulfillments/{asked.number}{path}", *([{}] if path else []), **_label(path))
                assert (answer.status_code, answer.json()["code"]) == (404, "fulfillment_not_found")


def _label(path: str) -> dict[str, str]:
    return {"label": fresh()} if path else {}


def test_what_is_held_again_is_out_of_sight(partner: Partner):
    asked = fulfillment()
    hold_order(number=asked.order.number, reason="STAFF", by=ADA, at=NOON)

    assert partner.get("/fulfillments").json()["results"] == []


def test_accepting_shipping_and_tracking_is_the_life_of_a_parcel(partner: Partner):
    asked = fulfillment()

    assert act(partner, asked.number, "acceptance").json()["request_status"] == "ACCEPTED"
    shipped = act(partner, asked.number, "shipment", {"carrier": "DHL", "tracking_number": "00340434161094022115"})
    assert shipped.status_code == 201
    (parcel,) = shipped.json()["shipments"]
    seen = partner.post(
        f"/shipments/{parcel['id']}/tracking-events",
        {"status": "DELIVERED", "at": "2026-11-22T09:30:00Z", "place": "Berlin"},
        label=fresh(),
    )

    assert seen.status_code == 201
    ShipmentShape.model_validate(seen.json(), extra="forbid")
    assert (seen.json()["status"], seen.json()["tracking_events"][0]["place"]) == ("DELIVERED", "Berlin")
    assert Order.objects.get(pk=asked.order_id).status == "CLOSED"
    assert on_hand() == 9


def test_a_report_that_is_known_is_answered_and_not_noted_twice(partner: Partner):
    asked = fulfillment()
    (parcel,) = act(partner, asked.number, "shipment").json()["shipments"]
    report = {"status": "IN_TRANSIT", "at": "2026-11-22T09:30:00Z", "external_id": "e-1"}

    statuses = [partner.post(f"/shipments/{parcel['id']}/tracking-events", report, label=fresh()) for _ in range(2)]

    assert [answer.status_code for answer in statuses] == [201, 200]
    assert Shipment.objects.get().tracking_events.count() == 1


def test_a_part_is_shipped_and_the_rest_reported_short(partner: Partner):
    stocked_variant(on_hand=3)
    order = routed_order(lines=[line(quantity=3)])
    key = fulfillment(order).lines.get().pk
    number = f"{order.number}-F1"

    act(partner, number, "shipment", {"lines": [{"line": key, "quantity": 2}]})
    shown = act(partner, number, "short", {"lines": [{"line": key, "quantity": 1}], "note": "Shelf is empty"}).json()

    assert (shown["status"], shown["lines"][0]["short_quantity"]) == ("INCOMPLETE", 1)
    assert on_hand() == 0


def test_a_rejection_needs_one_of_the_reasons_and_goes_elsewhere(partner: Partner):
    stocked_variant()
    warehouse("RTM", country="NL")
    stocked_variant(place="RTM")
    asked = fulfillment()

    with nothing_changes():
        assert act(partner, asked.number, "rejection", {"reason": "NO_MOOD"}).status_code == 422
    answer = act(partner, asked.number, "rejection", {"reason": "NO_CAPACITY", "note": "Full"})
    route()

    assert (answer.json()["status"], answer.json()["request_status"]) == ("CANCELLED", "REJECTED")
    assert Fulfillment.objects.live().get().warehouse.code == "RTM"


def test_a_request_to_stop_is_asked_and_answered(partner: Partner):
    taken = accepted()

    assert act(partner, taken.number, "cancellation-request", {"reason": "late"}).status_code == 200
    answer = act(partner, taken.number, "cancellation-request/answer", {"accepted": True})

    assert (answer.json()["status"], answer.json()["request_status"]) == ("CANCELLED", "CANCELLATION_ACCEPTED")


@pytest.mark.parametrize(
    ("verb", "body", "code"),
    [
        ("shipment", {"lines": [{"line": 0, "quantity": 1}]}, "invalid"),
        ("cancellation-request/answer", {"accepted": True}, "cancellation_not_requested"),
        ("cancellation-request", {"reason": "late"}, "fulfillment_not_accepted"),
    ],
)
def test_what_cannot_be_is_refused_and_changes_nothing(partner: Partner, verb: str, body: Any, code: str):
    asked = fulfillment()

    with nothing_changes():
        answer = act(partner, asked.number, verb, body)

    assert answer.json()["code"] == code
    assert not EventRecord.objects.filter(type="fulfillment.shipped").exists()


def test_the_order_shows_who_sends_it_and_with_which_parcel():
    order = routed_order()
    warehouse_key, shop = make_partner("fulfillments:write"), make_partner("orders:read")
    act(warehouse_key, f"{order.number}-F1", "shipment", {"tracking_number": "RR123456785CN"})

    shown = shop.get(f"/orders/{order.number}").json()

    OrderShape.model_validate(shown, extra="forbid")
    (sent,) = shown["fulfillments"]
    assert (sent["warehouse"], sent["shipments"][0]["tracking_number"]) == ("LEJ", "RR123456785CN")


def test_a_label_is_wanted_bought_read_and_given_back(partner: Partner):
    carrier_rate("4.10", indicator="CP")
    asked = fulfillment()

    wanted = act(partner, asked.number, "label")
    assert (wanted.status_code, wanted.json()["label"]["state"]) == (202, "WANTED")
    assert partner.get(f"/fulfillments/{asked.number}/label").json()["code"] == "label_not_found"
    buy_due_labels(at=timezone.now())

    bought = partner.get(f"/fulfillments/{asked.number}/label").json()
    assert base64.b64decode(bought["content"]).startswith(b"%PDF")
    assert bought["tracking_number"]
    (parcel,) = act(partner, asked.number, "shipment").json()["shipments"]
    assert parcel["tracking_number"] == bought["tracking_number"]
    refused = partner.delete(f"/fulfillments/{asked.number}/label", label=fresh())
    assert refused.json()["code"] == "label_not_voidable"


def test_a_label_that_is_not_needed_is_given_back(partner: Partner):
    carrier_rate("4.10", indicator="CP")
    asked = fulfillment()
    act(partner, asked.number, "label")
    buy_due_labels(at=timezone.now())

    answer = partner.delete(f"/fulfillments/{asked.number}/label", label=fresh())
    buy_due_labels(at=timezone.now())

    assert (answer.status_code, answer.json()["label"]) == (202, None)
    assert Label.objects.get().state == Label.State.VOIDED


def test_a_hold_is_in_sight_keeps_everybody_off_and_is_released(partner: Partner):
    asked = fulfillment()

    held = act(partner, asked.number, "hold", {"reason": "INCORRECT_ADDRESS", "reason_notes": "Which house?"})

    FulfillmentShape.model_validate(held.json(), strict=False, extra="forbid")
    assert (held.json()["status"], held.json()["hold"]["reason_notes"]) == ("ON_HOLD", "Which house?")
    refused = act(partner, asked.number, "acceptance")
    assert (refused.status_code, refused.json()["code"]) == (409, "fulfillment_on_hold")
    assert partner.get("/fulfillments").json()["results"] == []
    assert len(partner.get("/fulfillments?status=ON_HOLD").json()["results"]) == 1
    released = partner.delete(f"/fulfillments/{asked.number}/hold", label=fresh())
    assert (released.json()["status"], released.json()["hold"]) == ("OPEN", None)


def test_work_for_later_is_scheduled_and_opened(partner: Partner):
    asked = fulfillment()

    later = act(partner, asked.number, "schedule", {"fulfill_at": "2036-12-01T08:00:00Z"})

    assert (later.json()["status"], later.json()["fulfill_at"]) == ("SCHEDULED", "2036-12-01T08:00:00+00:00")
    assert act(partner, asked.number, "shipment").json()["code"] == "fulfillment_scheduled"
    assert partner.get("/fulfillments").json()["results"] == []
    opened = partner.delete(f"/fulfillments/{asked.number}/schedule", label=fresh())
    assert opened.json()["status"] == "OPEN"
    assert act(partner, asked.number, "schedule", {"fulfill_at": "2006-12-01T08:00:00Z"}).status_code == 422


def test_what_another_warehouse_sends_cannot_be_held_nor_put_off():
    stranger, asked = make_partner("fulfillments:write", warehouses=["RNO"]), fulfillment()

    held = act(stranger, asked.number, "hold", {"reason": "OTHER"})
    later = act(stranger, asked.number, "schedule", {"fulfill_at": "2036-12-01T08:00:00Z"})

    assert (held.status_code, later.status_code) == (404, 404)
    asked.refresh_from_db()
    assert asked.status == "OPEN"


def test_a_parcel_that_has_left_can_be_asked_to_go_elsewhere():
    asked, shop = fulfillment(), make_partner("edits:write", "fulfillments:write")
    (parcel,) = act(shop, asked.number, "shipment").json()["shipments"]
    body = {"address": {"line1": "Lindenallee 5", "city": "Berlin", "postal_code": "10115", "country": "DE"}}
    body["address"]["name"] = "Ada"

    answer = shop.post(f"/shipments/{parcel['id']}/intercept", body, label=fresh())

    assert (answer.status_code, answer.json()["state"]) == (202, "ASKED")
    InterceptShape.model_validate(answer.json(), strict=False, extra="forbid")
    body["address"]["country"] = "FR"
    refused = shop.post(f"/shipments/{parcel['id']}/intercept", body, label=fresh())
    assert (refused.status_code, refused.json()["reason"]) == (409, "another_country")
