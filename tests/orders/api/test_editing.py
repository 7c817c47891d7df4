"""What a partner or a bot changes of an order: previewed, done at once, waiting, withdrawn, refused."""

import pytest

from oms.models import ApiKey
from orders.models import Edit, Order
from tests.make.edits import (
    LARGE,
    MEDIUM,
    MUNICH,
    PARIS,
    SMALL,
    SOCKS,
    add,
    cancel_line,
    holds,
    move,
    open_shop,
    order_of_tees,
    promised_to,
    set_quantity,
    swap,
)
from tests.make.moments import FIFTY_YEARS, NOON
from tests.make.orders import channel, open_holds
from tests.make.partners import fresh, make_partner
from tests.make.snapshots import announced, nothing_changes
from tests.make.stock import count

pytestmark = pytest.mark.django_db


@pytest.fixture
def partner():
    return make_partner("edits:write", "orders:read")


@pytest.fixture
def order():
    channel(minutes=FIFTY_YEARS)
    open_shop()
    return order_of_tees()


def post(partner, order, *operations, to="edits", label=None, **headers):
    return partner.post(f"/orders/{order.number}/{to}", {"operations": operations}, label=label or fresh(), **headers)


def preview(partner, order, *operations):
    return post(partner, order, *operations, to="edits/preview")


def withdraw(partner, order, edit_id):
    return partner.delete(f"/orders/{order.number}/edits/{edit_id}", label=fresh())


def refused(partner, order, *operations, **headers):
    """Refused in the preview in the same words, and nothing changed by either."""
    with nothing_changes():
        answer = post(partner, order, *operations, **headers)
        assert preview(partner, order, *operations).json()["code"] == answer.json()["code"]
    return answer.status_code, answer.json()["code"]


# --- previewing ----------------------------------------------------------------------------------------------


def test_a_preview_says_what_it_comes_to_and_changes_nothing(partner, order):
    with nothing_changes():
        answer = preview(partner, order, swap(order, quantity=1), add())
    said = answer.json()
    assert (answer.status_code, said["verdict"], said["version"], said["reasons"]) == (200, "ALLOW", 1, [])
    assert said["to_pay"] == {"amount": "7.50", "currency": "EUR"}
    assert (said["before"]["total"]["amount"], said["after"]["total"]["amount"]) == ("44.70", "52.20")
    assert [(line["sku"], line["quantity_after"], line["change"]) for line in said["lines"]] == [
        (MEDIUM, 1, "changed"), (LARGE, 1, "added"), (SOCKS, 1, "added"),
    ]  # fmt: skip


def test_a_preview_needs_no_idempotency_key(partner, order):
    body = {"operations": [swap(order)]}
    assert partner.post(f"/orders/{order.number}/edits/preview", body).status_code == 200


def test_what_becomes_cheaper_says_what_comes_back(partner, order):
    said = preview(partner, order, set_quantity(order, 1)).json()
    assert (said["to_pay"]["amount"], said["to_get_back"]["amount"]) == ("0.00", "19.90")


def test_a_line_that_runs_low_ends_the_window(partner, order):
    count(SOCKS, 1)
    assert preview(partner, order, add()).json()["ends_window"] is True
    assert preview(partner, order, swap(order)).json()["ends_window"] is False


# --- doing ---------------------------------------------------------------------------------------------------


def test_what_costs_nothing_more_is_done_at_once(partner, order):
    answer = post(partner, order, swap(order))
    said = answer.json()
    assert (answer.status_code, said["state"], said["actor"], said["by"]) == (
        201,
        "COMMITTED",
        "API",
        partner.key.actor,
    )
    assert (said["to_pay"], said["checkout_url"], said["deadline"]) == (None, None, None)
    assert said["operations"] == [swap(order, of=LARGE) | {"sku": LARGE}]
    assert (holds(order), promised_to(order.number)) == ({LARGE: 2}, {LARGE: 2})
    assert said["version"] == Order.objects.get().version > 1


def test_a_line_is_swapped_and_recounted_in_one_request(partner, order):
    asked = [set_quantity(order, 1), swap(order)]
    quoted = preview(partner, order, *asked).json()
    line = quoted["lines"][0]
    assert (line["sku"], line["change"], line["quantity_before"], line["quantity_after"]) == (LARGE, "swapped", 2, 1)
    assert quoted["to_get_back"]["amount"] == "19.90"
    assert post(partner, order, *asked).json()["state"] == "COMMITTED"
    assert holds(order) == promised_to(order.number) == {LARGE: 1}


@pytest.mark.parametrize("again", [{"op": "swap_variant", "sku": SOCKS}, {"op": "swap_variant", "quantity": 1}])
def test_what_is_said_twice_of_one_line_is_pointed_at(partner, order, again):
    with nothing_changes():
        answer = post(partner, order, set_quantity(order, 1), swap(order), swap(order) | again)
    assert [error["pointer"] for error in answer.json()["errors"]] == ["/operations/2"]
    assert answer.json()["errors"][0]["code"] == "changed_twice"


def test_what_costs_more_is_accepted_and_waits(partner, order):
    answer = post(partner, order, add())
    said = answer.json()
    assert (answer.status_code, said["state"], said["to_pay"]["amount"]) == (202, "AWAITING_PAYMENT", "7.50")
    assert (said["total_before"]["amount"], said["total_after"]["amount"]) == ("44.70", "52.20")
    assert said["deadline"] and not said["ended_at"]
    assert (holds(order), open_holds(order)) == ({MEDIUM: 2}, ["EDIT_OPEN", "EDIT_WINDOW"])


def test_a_payment_that_the_partner_reports_does_what_waited(order):
    partner = make_partner("edits:write", "orders:write", "orders:read")
    edit_id = post(partner, order, add()).json()["id"]
    paid = {"amount": {"amount": "7.50", "currency": "EUR"}, "gateway": "bank", "reference": "t-1"}
    partner.post(f"/orders/{order.number}/payments", paid, label=fresh())
    (listed,) = partner.get(f"/orders/{order.number}/edits").json()["results"]
    assert (listed["id"], listed["state"], holds(order)) == (edit_id, "COMMITTED", {MEDIUM: 2, SOCKS: 1})


def test_edits_are_listed_newest_first(partner, order):
    ids = [post(partner, order, *asked).json()["id"] for asked in ([swap(order)], [move()])]
    listed = partner.get(f"/orders/{order.number}/edits").json()
    assert ([each["id"] for each in listed["results"]], listed["next_cursor"]) == (ids[::-1], None)


def test_the_same_request_again_is_the_same_edit(partner, order):
    label = fresh()
    first = post(partner, order, set_quantity(order, 1), label=label)
    with nothing_changes():
        again = post(partner, order, set_quantity(order, 1), label=label)
    assert (again.content, again["Idempotent-Replayed"]) == (first.content, "true")
    with nothing_changes():
        other = post(partner, order, move(), label=label)
    assert (other.status_code, Edit.objects.count()) == (422, 1)


def test_an_order_that_has_changed_since_it_was_read_is_not_edited(partner, order):
    post(partner, order, move())
    with nothing_changes():
        stale = post(partner, order, swap(order), if_match='"1"')
    assert (stale.status_code, stale.json()["code"], stale.json()["version"]) == (412, "version_stale", 2)
    assert post(partner, order, swap(order), if_match='"2"').status_code == 201


# --- withdrawing ---------------------------------------------------------------------------------------------


def test_what_waits_can_be_withdrawn_twice(partner, order):
    edit_id = post(partner, order, add()).json()["id"]
    first = withdraw(partner, order, edit_id)
    assert (first.status_code, first.json()["state"], first.json()["to_pay"]) == (200, "CANCELED", None)
    assert (holds(order), promised_to(f"edit:{edit_id}"), open_holds(order)) == ({MEDIUM: 2}, {}, ["EDIT_WINDOW"])
    with nothing_changes():
        assert withdraw(partner, order, edit_id).json()["state"] == "CANCELED"


def test_what_is_done_cannot_be_withdrawn(partner, order):
    edit_id = post(partner, order, swap(order)).json()["id"]
    with nothing_changes():
        answer = withdraw(partner, order, edit_id)
    assert (answer.status_code, answer.json()["code"], answer.json()["state"]) == (409, "edit_ended", "COMMITTED")


def test_an_edit_is_found_under_its_own_order_only(partner, order):
    edit_id = post(partner, order, add()).json()["id"]
    other = order_of_tees(external_id="other")
    for wrong_order, wrong_id in ((other, edit_id), (order, 10**9), (order, 10**30)):
        with nothing_changes():
            answer = withdraw(partner, wrong_order, wrong_id)
        assert (answer.status_code, answer.json()["code"]) == (404, "edit_not_found")


# --- who may -------------------------------------------------------------------------------------------------


def test_editing_needs_its_own_scope(order):
    for scope in ("orders:read", "orders:write", "stock:write"):
        stranger = make_partner(scope)
        with nothing_changes():
            assert post(stranger, order, swap(order)).status_code == 403
            assert preview(stranger, order, swap(order)).status_code == 403
            assert withdraw(stranger, order, 1).status_code == 403


def test_editing_needs_an_idempotency_key(partner, order):
    with nothing_changes():
        answer = partner.post(f"/orders/{order.number}/edits", {"operations": [swap(order)]})
    assert (answer.status_code, answer.json()["code"]) == (400, "idempotency_key_missing")


def test_an_order_of_another_channel_does_not_exist(order):
    channel("other")
    stranger = make_partner("edits:write", "orders:read", channels=("other",))
    with nothing_changes():
        answers = [post(stranger, order, swap(order)), preview(stranger, order, swap(order))]
        answers += [withdraw(stranger, order, 1), stranger.get(f"/orders/{order.number}/edits")]
    assert {(answer.status_code, answer.json()["code"]) for answer in answers} == {(404, "order_not_found")}


@pytest.fixture
def bot(partner):
    ApiKey.objects.filter(pk=partner.key.pk).update(bot=True)
    return partner


def test_a_bot_does_small_things_at_once(bot, order):
    said = post(bot, order, swap(order)).json()
    assert (said["state"], said["actor"]) == ("COMMITTED", "BOT")


def test_a_bot_asks_before_it_does_large_ones(bot, order):
    answer = post(bot, order, add(SOCKS, 7))
    assert (answer.status_code, answer.json()["state"]) == (202, "AWAITING_APPROVAL")
    assert [reason["code"] for reason in answer.json()["reasons"]] == ["permission"]
    abroad = preview(bot, order_of_tees(external_id="2"), move(PARIS)).json()
    assert (abroad["verdict"], abroad["reasons"][-1]["code"]) == ("APPROVE", "permission")


def test_a_bot_sets_no_prices(bot, order):
    price = {"op": "set_unit_price", "line": order.lines.get().pk, "unit_price": "0.01"}
    assert refused(bot, order, price) == (409, "edit_not_allowed")


def test_a_partner_whose_order_was_released_waits_for_us(order):
    partner = make_partner("edits:write", "orders:write", "orders:read")
    partner.post(f"/orders/{order.number}/release", {}, label=fresh())
    answer = post(partner, order, swap(order))
    assert (answer.status_code, answer.json()["state"]) == (202, "AWAITING_APPROVAL")


# --- refusals ------------------------------------------------------------------------------------------------


def test_what_is_not_there_is_named(partner, order):
    count(LARGE, 1)
    with nothing_changes():
        answer = post(partner, order, swap(order))
    assert (answer.status_code, answer.json()["code"]) == (409, "stock_short")
    assert answer.json()["skus"] == [{"sku": LARGE, "wanted": 2, "available": 1}]


def test_one_change_at_a_time(partner, order):
    post(partner, order, add())
    assert refused(partner, order, swap(order)) == (409, "edit_open")


def test_a_cancelled_order_is_not_edited(order):
    partner = make_partner("edits:write", "orders:write")
    partner.post(f"/orders/{order.number}/cancellation", {}, label=fresh())
    assert refused(partner, order, swap(order)) == (409, "order_cancelled")


def test_a_closed_order_is_not_edited(partner, order):
    closed = order_of_tees(fulfilled_at=NOON.isoformat(), external_id="closed")
    assert refused(partner, closed, swap(closed)) == (409, "order_closed")


@pytest.mark.parametrize(
    ("asked", "pointer", "code"),
    [
        ({"op": "add_item"}, "/operations/1/sku", "missing"),
        ({"op": "nonsense"}, "/operations/1", None),
        (add(SOCKS, -1), "/operations/1/quantity", None),
        (add("NONE"), "/operations/1/sku", "unknown_sku"),
        (add("SOCKS\0"), "/operations/1/sku", "nul_character"),
        (add("'; DROP TABLE orders_order; --"), "/operations/1/sku", "unknown_sku"),
        ({"op": "cancel_line", "line": "1"}, "/operations/1/line", None),
        ({"op": "cancel_line", "line": 2**63 - 1}, "/operations/1/line", "unknown_line"),
        (move(MUNICH | {"postal_code": "ABC"}), "/operations/1/address/postal_code", "postal_code_form"),
        (move(MUNICH | {"city": ""}), "/operations/1/address/city", "required"),
        (move(MUNICH | {"name": "x" * 201}), "/operations/1/address/name", None),
        (move(MUNICH | {"line1": "\u202eStreet"}), "/operations/1/address/line1", "characters"),
        ({"op": "change_contact", "email": "nobody"}, "/operations/1/email", None),
        ({"op": "set_unit_price", "line": 1, "unit_price": 1}, "/operations/1/unit_price", "amount_not_a_string"),
    ],
)
def test_what_is_wrong_is_pointed_at(partner, order, asked, pointer, code):
    with nothing_changes():
        answer = post(partner, order, swap(order), asked)
    (error, *_) = answer.json()["errors"]
    assert (answer.status_code, error["pointer"]) == (422, pointer)
    assert code in (None, error["code"])


@pytest.mark.parametrize("body", [{}, {"operations": []}, {"operations": {}}, {"operations": "all"}, {"ops": []}])
def test_without_operations_there_is_no_edit(partner, order, body):
    with nothing_changes():
        answer = partner.post(f"/orders/{order.number}/edits", body, label=fresh())
    assert answer.status_code == 422


def test_changing_nothing_is_no_edit(partner, order):
    with nothing_changes():
        answer = post(partner, order, set_quantity(order, 2))
    assert answer.status_code == 422
    assert announced(order.number) == ["order.placed"]


def test_figures_beyond_every_column_are_refused_in_words(partner, order):
    price = {"op": "set_unit_price", "line": order.lines.get().pk, "unit_price": "999999999999.9999"}
    assert refused(partner, order, price) == (422, "invalid")
    assert refused(partner, order, add(SOCKS, 1_000_000)) == (409, "stock_short")


def test_nothing_left_is_a_cancellation_and_said_so(partner, order):
    with nothing_changes():
        answer = post(partner, order, cancel_line(order))
    assert answer.json()["errors"][0]["code"] == "nothing_left"
    done = post(partner, order, {"op": "cancel_order", "reason": "too late"})
    assert (done.status_code, Order.objects.get().status) == (201, "CANCELLED")


def test_it_is_said_who_edited(partner, order):
    post(partner, order, swap(order, SMALL))
    edited = Edit.objects.get()
    assert (edited.by, edited.actor) == (partner.key.actor, "API")
