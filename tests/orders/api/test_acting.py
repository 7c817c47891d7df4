"""What a partner does to an order: cancel, hold, lift, release, pay."""

import pytest

from orders.models import Hold, Order
from tests.make.moments import ADA, FIFTY_YEARS, NOON
from tests.make.orders import channel, open_holds, placed_order
from tests.make.partners import fresh, make_partner
from tests.make.snapshots import announced, nothing_changes
from tests.make.stock import promises

pytestmark = pytest.mark.django_db

PAID = {"amount": {"amount": "19.90", "currency": "EUR"}, "gateway": "bank", "reference": "t-1"}


@pytest.fixture
def partner():
    return make_partner("orders:write")


@pytest.fixture
def order():
    channel(minutes=FIFTY_YEARS)
    return placed_order(payment={"status": "AUTHORIZED", "reference": "a"})


def act(partner, order, verb, body=None, **options):
    return partner.post(f"/orders/{order.number}/{verb}", body or {}, label=options.get("label") or fresh())


def test_cancelling_ends_the_order(partner, order):
    answer = act(partner, order, "cancellation", {"reason": "changed her mind"})
    assert (answer.status_code, answer["ETag"]) == (200, '"2"')
    shown = answer.json()
    assert (shown["status"], shown["cancel_reason"], shown["holds"]) == ("CANCELLED", "changed her mind", [])
    assert (shown["financial_status"], shown["balance"]["amount"]) == ("VOIDED", "0.00")
    assert promises() == (10, 0)


def test_cancelling_twice_is_harmless(partner, order):
    first = act(partner, order, "cancellation")
    with nothing_changes():
        second = act(partner, order, "cancellation", {"reason": "again"})
    assert second.json() == first.json()


def test_a_hold_is_set_and_lifted(partner, order):
    act(partner, order, "release")
    held = act(partner, order, "holds", {"reason": "FRAUD_REVIEW", "detail": "Odd address."})
    assert (held.status_code, held.json()["status"]) == (201, "HELD")
    (hold,) = held.json()["holds"]
    assert (hold["reason"], hold["detail"], hold["opened_by"]) == ("FRAUD_REVIEW", "Odd address.", partner.key.actor)

    lifted = partner.delete(f"/orders/{order.number}/holds/{hold['id']}", label=fresh())
    assert (lifted.status_code, lifted.json()["status"], lifted.json()["holds"]) == (200, "RELEASED", [])


def test_the_edit_window_is_not_lifted_by_hand(partner, order):
    hold = order.holds.get()
    with nothing_changes():
        answer = partner.delete(f"/orders/{order.number}/holds/{hold.pk}", label=fresh())
    assert (answer.status_code, answer.json()["code"], answer.json()["reason"]) == (
        409, "hold_not_liftable", "EDIT_WINDOW",
    )  # fmt: skip


def test_a_hold_that_is_not_there_is_not_found(partner, order):
    with nothing_changes():
        answer = partner.delete(f"/orders/{order.number}/holds/999999", label=fresh())
    assert (answer.status_code, answer.json()["code"]) == (404, "hold_not_found")


def test_partners_set_no_hold_that_has_a_cause_of_its_own(partner, order):
    for reason in ("EDIT_WINDOW", "STOCK_SHORT", "TOTALS_MISMATCH", "NONSENSE"):
        with nothing_changes():
            assert act(partner, order, "holds", {"reason": reason}).status_code == 422


def test_releasing_ends_the_window_and_the_order_goes(partner, order):
    shown = act(partner, order, "release").json()
    assert (shown["status"], shown["edit_window"], shown["holds"]) == ("RELEASED", None, [])
    assert announced(order.number)[-2:] == ["order.window_ended", "order.released"]


def test_releasing_leaves_other_holds_and_names_them(partner, order):
    act(partner, order, "holds")
    shown = act(partner, order, "release").json()
    assert (shown["status"], [hold["reason"] for hold in shown["holds"]]) == ("HELD", ["STAFF"])


def test_a_payment_ends_the_payment_hold(partner):
    channel(minutes=0)
    unpaid = placed_order(payment=None)
    answer = act(partner, unpaid, "payments", PAID)
    shown = answer.json()
    assert (answer.status_code, shown["status"], shown["financial_status"]) == (201, "RELEASED", "PAID")
    assert (shown["paid"]["amount"], shown["payments"][0]["reference"]) == ("19.90", "t-1")


def test_the_same_payment_again_changes_nothing_and_another_amount_is_a_conflict(partner):
    channel(minutes=0)
    unpaid = placed_order(payment=None)
    act(partner, unpaid, "payments", PAID)
    with nothing_changes():
        assert act(partner, unpaid, "payments", PAID).status_code == 201
        other = act(partner, unpaid, "payments", PAID | {"amount": {"amount": "5.00", "currency": "EUR"}})
    assert (other.status_code, other.json()["code"], other.json()["recorded"]) == (409, "payment_conflict", "19.90")


@pytest.mark.parametrize(
    ("amount", "pointer"),
    [
        ({"amount": "19.90", "currency": "USD"}, "/amount/currency"),
        ({"amount": "0.00", "currency": "EUR"}, "/amount/amount"),
    ],
)
def test_a_payment_that_cannot_be_the_orders_is_pointed_at(partner, order, amount, pointer):
    with nothing_changes():
        answer = act(partner, order, "payments", PAID | {"amount": amount})
    assert answer.status_code == 422
    assert [error["pointer"] for error in answer.json()["errors"]] == [pointer]


def test_what_has_ended_is_refused_by_name(partner, order):
    act(partner, order, "cancellation")
    for verb, body in (("holds", {}), ("release", {})):
        with nothing_changes():
            answer = act(partner, order, verb, body)
        assert (answer.status_code, answer.json()["code"]) == (409, "order_cancelled")

    closed = placed_order(fulfilled_at=NOON.isoformat())
    for verb in ("cancellation", "holds", "release"):
        with nothing_changes():
            assert act(partner, closed, verb).json()["code"] == "order_closed"


def test_an_order_of_another_channel_is_not_found_whatever_is_asked(order):
    limited = make_partner("orders:write", channels=(channel("other").code,))
    with nothing_changes():
        answers = [act(limited, order, verb) for verb in ("cancellation", "holds", "release")]
        answers.append(act(limited, order, "payments", PAID))
        answers.append(limited.delete(f"/orders/{order.number}/holds/{order.holds.get().pk}", label=fresh()))
    assert {(answer.status_code, answer.json()["code"]) for answer in answers} == {(404, "order_not_found")}


def test_every_act_needs_its_scope_and_an_idempotency_key(partner, order):
    reader = make_partner("orders:read")
    for verb in ("cancellation", "holds", "release", "payments"):
        with nothing_changes():
            assert act(reader, order, verb, PAID).status_code == 403
            assert partner.post(f"/orders/{order.number}/{verb}", PAID).status_code == 400


def test_the_same_request_again_does_it_once(partner, order):
    label = fresh()
    first = act(partner, order, "holds", label=label)
    Hold.objects.filter(reason="STAFF").update(closed_at=NOON, closed_by=ADA)
    with nothing_changes():
        again = act(partner, order, "holds", label=label)
    assert (again.content, again["Idempotent-Replayed"]) == (first.content, "true")
    assert open_holds(Order.objects.get()) == ["EDIT_WINDOW"]
