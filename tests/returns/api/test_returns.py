"""`/returns`: asking, previewing, reading, deciding; what a key may not see does not exist for it."""

import pytest
import time_machine

from oms.models import EventRecord
from returns.api.shapes import ReturnQuoteShape, ReturnShape
from returns.choices import Method
from returns.models import Return
from tests.make.carriers import house
from tests.make.moments import ONE_DAY
from tests.make.orders import channel, line
from tests.make.partners import fresh, make_partner
from tests.make.return_nodes import send_to
from tests.make.returns import (
    BOUGHT,
    ask_return,
    delivered_now,
    delivered_order,
    line_of,
    node,
    open_return,
    rule,
    terms_in_force,
    told,
)
from tests.make.settled import receive
from tests.make.stock import LEJ, stocked_variant

pytestmark = pytest.mark.django_db


def body(order, *items, **fields):
    wanted = items or [{"line": line_of(order).pk, "quantity": 1, "reason": "too-small"}]
    return {"order": order.number, "items": list(wanted)} | fields


def ask(partner, order, *items, label=None, **fields):
    return partner.post("/returns", body(order, *items, **fields), label=label or fresh())


def waiting_return_to(place):
    made = ask_return(delivered_order([line()]))
    Return.objects.filter(pk=made.pk).update(node=node(place))
    return made


def test_asking_for_a_return_answers_with_it(partner):
    terms_in_force({})
    order = delivered_now()
    answer = ask(partner, order)

    assert answer.status_code == 201, answer.json()
    assert answer["Location"] == f"/api/v1/returns/{order.number}-R1"
    shown = ReturnShape.model_validate(answer.json())
    assert (shown.id, shown.status, shown.source) == (f"{order.number}-R1", "OPEN", "API")
    assert shown.items[0].value.amount == "19.90"
    assert partner.get(f"/returns/{shown.id}").json() == answer.json()


def test_the_same_key_and_body_ask_once(partner):
    order = delivered_now()
    label = fresh()
    first, second = ask(partner, order, label=label), ask(partner, order, label=label)
    assert second["Idempotent-Replayed"] == "true"
    assert first.json() == second.json()
    assert Return.objects.count() == 1


def test_asking_without_an_idempotency_key_is_refused(partner):
    order = delivered_now()
    assert partner.post("/returns", body(order)).json()["code"] == "idempotency_key_missing"
    assert not Return.objects.exists()


def test_a_preview_says_what_is_offered_and_changes_nothing(partner):
    terms_in_force({"credit_rate": "110"})
    order = delivered_now()
    answer = partner.post("/returns/preview", {"order": order.number})

    assert answer.status_code == 200, answer.json()
    shown = ReturnQuoteShape.model_validate(answer.json())
    (quoted,) = shown.lines
    assert (quoted.eligible, quoted.left, quoted.code) == (True, 1, "in_window")
    amounts = {each.resolution: (each.amount.amount, each.bonus.amount) for each in quoted.resolutions}
    assert amounts["REFUND"] == ("19.90", "0.00")
    assert amounts["STORE_CREDIT"] == ("19.90", "1.99")
    assert shown.totals is None
    assert not Return.objects.exists()


def test_what_is_previewed_is_what_is_kept(partner):
    terms_in_force({"label_fee": "3.90", "fee_currency": "EUR", "bears": "DEDUCTED"})
    house()
    stocked_variant(on_hand=9)
    order = delivered_now([line(quantity=3)])
    wanted = body(order, {"line": line_of(order).pk, "quantity": 2, "reason": "too-small"})

    totals = partner.post("/returns/preview", wanted).json()["totals"]
    kept = partner.post("/returns", wanted, label=fresh()).json()
    assert totals["value"]["amount"] == kept["items"][0]["value"]["amount"] == "39.80"
    assert totals["label_fee"] == kept["label_fee"] == {"amount": "3.90", "currency": "EUR"}
    assert totals["given"]["amount"] == "35.90"


@pytest.mark.parametrize("way", ["PREPAID_LABEL", "QR_DROP_OFF", "IN_STORE", "KEEP_IT"])
def test_a_way_back_that_the_preview_does_not_offer_is_refused_by_the_deed_too(partner, way):
    terms_in_force({"methods": list(Method)})
    order = delivered_now()
    offered = partner.post("/returns/preview", body(order)).json()["methods"]
    answer = ask(partner, order, method=way)

    assert [each["method"] for each in offered] == ["OWN_CARRIER"]
    assert answer.status_code == 422
    (error,) = answer.json()["errors"]
    assert (error["pointer"], error["code"]) == ("/method", "not_offered")
    assert error["detail"] == "This way back is not offered: OWN_CARRIER."
    assert partner.post("/returns/preview", body(order, method=way)).status_code == 422
    assert not Return.objects.exists()
    assert not EventRecord.objects.filter(subject_kind="return").exists()


def test_units_of_two_orders_are_no_return(partner):
    """PC57."""
    stocked_variant(on_hand=9)
    one, other = delivered_now([line()]), delivered_now([line()])
    foreign = {"line": line_of(other).pk, "quantity": 1, "reason": "too-small"}
    own = {"line": line_of(one).pk, "quantity": 1, "reason": "too-small"}
    answer = ask(partner, one, own, foreign)

    assert answer.status_code == 422
    assert [(each["pointer"], each["code"]) for each in answer.json()["errors"]] == [("/items/1/line", "unknown_line")]
    assert not Return.objects.exists()
    assert not EventRecord.objects.filter(subject_kind="return").exists()


def test_an_exchange_without_something_new_is_refused(partner):
    """PC62."""
    order = delivered_now()
    wanted = {"line": line_of(order).pk, "quantity": 1, "reason": "too-small", "resolution": "EXCHANGE"}
    answer = ask(partner, order, wanted)
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["code"] == "exchange_missing"
    assert not Return.objects.exists()


def test_more_than_is_left_is_refused_with_what_is(partner):
    """PC65."""
    stocked_variant(on_hand=9)
    order = delivered_now([line(quantity=2)])
    one = {"line": line_of(order).pk, "quantity": 1, "reason": "too-small"}
    assert ask(partner, order, one).status_code == 201
    refused = ask(partner, order, one | {"quantity": 2})
    assert (refused.status_code, refused.json()["code"], refused.json()["left"]) == (
        409,
        "quantity_not_returnable",
        "1",
    )
    assert Return.objects.count() == 1
    assert ask(partner, order, one).status_code == 201


def test_a_key_of_another_channel_finds_nothing():
    order = delivered_now()
    number = open_return(order).number
    channel("elsewhere")
    stranger = make_partner(channels=("elsewhere",))
    assert ask(stranger, order).json()["code"] == "order_not_found"
    assert stranger.post("/returns/preview", {"order": order.number}).status_code == 404
    assert stranger.get(f"/returns/{number}").json()["code"] == "return_not_found"
    assert stranger.post(f"/returns/{number}/cancellation", {}, label=fresh()).status_code == 404
    assert stranger.get("/returns").json()["results"] == []
    assert told(number) == ["return.requested", "return.approved"]


def test_a_partner_of_a_warehouse_sees_its_returns_without_money_and_decides_on_none():
    stocked_variant(on_hand=9)
    rule("REVIEW")
    mine, other = waiting_return_to("PAR"), waiting_return_to("LEJ")
    partner = make_partner("returns:read", "returns:write", warehouses=("PAR",))
    shown = ReturnShape.model_validate(partner.get(f"/returns/{mine.number}").json())
    assert (shown.node, shown.items[0].value, shown.email) == ("PAR", None, "")
    assert partner.get(f"/returns/{other.number}").status_code == 404
    assert [each["id"] for each in partner.get("/returns").json()["results"]] == [mine.number]
    assert partner.post(f"/returns/{mine.number}/approval", {}, label=fresh()).status_code == 403
    mine.refresh_from_db()
    assert mine.status == "REQUESTED"


def test_an_order_names_its_returns(partner):
    order = delivered_now()
    number = ask(partner, order).json()["id"]
    shown = partner.get(f"/orders/{order.number}").json()
    (named,) = shown["returns"]
    assert (named["id"], named["status"]) == (number, "OPEN")
    assert named["items"][0] | {"quantity": 1, "reception": "AWAITING"} == named["items"][0]
    assert shown["lines"][0]["returned_quantity"] == 1


def test_a_return_goes_through_the_api_to_its_end(partner):
    terms_in_force({})
    order = delivered_now()
    shown = ask(partner, order).json()
    path, (wanted,) = f"/returns/{shown['id']}", shown["items"]
    received = partner.post(f"{path}/receipt", {"items": [{"item": wanted["id"], "quantity": 1}]}, label=fresh())
    assert received.json()["items"][0]["reception"] == "RECEIVED"

    finding = {"item": wanted["id"], "quantity": 1, "acceptance": "ACCEPTED", "grade": "A"}
    done = ReturnShape.model_validate(partner.post(f"{path}/inspection", {"findings": [finding]}, label=fresh()).json())
    assert (done.status, done.items[0].acceptance, done.items[0].disposition) == ("CLOSED", "ACCEPTED", "RESTOCK")
    assert [(each.remedy, each.given.amount) for each in done.settlements] == [("REFUND", "19.90")]


def test_opened_goods_are_rejected_and_only_the_shop_itself_may_take_them_all_the_same(partner):
    terms_in_force({"final_sale": "INTIMATE"})
    found = send_to(open_return(), LEJ)
    (wanted,) = partner.get(f"/returns/{found.number}").json()["items"]
    assert (wanted["conditions"], wanted["sealed_only"]) == (["SEAL_UNBROKEN"], True)
    receive(found)
    finding = {"item": wanted["id"], "quantity": 1, "grade": "B", "unmet": ["SEAL_UNBROKEN"]}
    warehouse_only = make_partner("returns:read", "returns:write", warehouses=("LEJ",))
    despite = {"findings": [finding | {"despite": True}]}
    assert warehouse_only.post(f"/returns/{found.number}/inspection", despite, label=fresh()).status_code == 403

    shown = warehouse_only.post(f"/returns/{found.number}/inspection", {"findings": [finding]}, label=fresh()).json()
    assert (shown["items"][0]["acceptance"], shown["items"][0]["unmet"]) == ("REJECTED", ["SEAL_UNBROKEN"])
    assert partner.get(f"/returns/{found.number}").json()["settlements"] == []


def test_the_quote_says_until_when_a_fault_may_be_claimed(partner):
    order = delivered_order()
    asked = {"order": order.number, "kind": "CLAIM", "items": []}
    with time_machine.travel(BOUGHT + 90 * ONE_DAY, tick=False):
        plain = partner.post("/returns/preview", asked | {"kind": "RETURN"}).json()["lines"][0]
        claim = partner.post("/returns/preview", asked).json()["lines"][0]
    assert (plain["eligible"], plain["code"], claim["eligible"]) == (False, "window_closed", True)
    assert plain["claimable"] and claim["claimable"]
    assert plain["claim_ends_at"][:10] == claim["claim_ends_at"][:10] == "2028-11-17"


def test_a_list_is_narrowed_and_goes_on_page_by_page(partner):
    stocked_variant(on_hand=9)
    orders = [delivered_now([line()]) for _ in range(3)]
    numbers = [ask(partner, order).json()["id"] for order in orders]

    first = partner.get("/returns?limit=2").json()
    rest = partner.get(f"/returns?limit=2&cursor={first['next_cursor']}").json()
    assert [each["id"] for each in first["results"] + rest["results"]] == numbers[::-1]
    assert rest["next_cursor"] is None
    for narrowed in (f"order={orders[0].number}", f"q={numbers[0]}", f"q={orders[0].number}"):
        assert [each["id"] for each in partner.get(f"/returns?{narrowed}").json()["results"]] == [numbers[0]]
    assert len(partner.get("/returns?status=OPEN&reason=too-small").json()["results"]) == 3
    assert partner.get("/returns?status=CLOSED").json()["results"] == []
    assert partner.get("/returns?status=GONE").status_code == 400


def test_a_return_is_decided_on(partner):
    rule("REVIEW")
    stocked_variant(on_hand=9)
    one, other = (ask(partner, delivered_now([line()])).json()["id"] for _ in range(2))
    assert partner.post(f"/returns/{one}/approval", {"keep_it": True}, label=fresh()).json()["method"] == "KEEP_IT"
    refused = partner.post(f"/returns/{other}/refusal", {"explanation": "Worn."}, label=fresh()).json()
    assert (refused["status"], refused["explanation"]) == ("DECLINED", "Worn.")
    assert partner.post(f"/returns/{other}/cancellation", {}, label=fresh()).json()["code"] == "return_ended"
    assert partner.post(f"/returns/{other}/refusal", {}, label=fresh()).status_code == 422
