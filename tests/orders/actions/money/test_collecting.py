"""Somebody is asked to pay: written down first, asked of the gateway afterwards, closed when it is not needed."""

from datetime import timedelta

import pytest

from oms.events import OutsideTransaction
from orders.actions.money.asking import LEASE, ask_gateways
from orders.actions.money.charging import cancel_checkouts, charging_gateway
from orders.actions.money.collecting import record_opened
from orders.models import Checkout
from tests.fakes.serving import GONE, LOST
from tests.fakes.stripe_server import DOWN
from tests.make.gateways import (
    DEADLINE,
    LATER,
    SOON,
    ask_to_pay,
    hear,
    hours,
    look,
    money,
    open_page,
    stripe,
    take_question_back,
    unpaid_order,
)
from tests.make.moments import ADA, NOON, ONE_MINUTE, ONE_SECOND
from tests.make.snapshots import announced, facts_of, nothing_changes

__all__ = ["stripe"]

pytestmark = pytest.mark.django_db

State = Checkout.State


def test_asking_writes_it_down_and_calls_nobody(stripe):
    checkout = ask_to_pay(unpaid_order())
    assert (checkout.state, checkout.reference, checkout.url) == (State.REQUESTED, "", "")
    assert stripe.asked == []


def test_the_gateway_is_asked_afterwards_and_the_page_is_announced(stripe):
    order = unpaid_order()
    checkout = open_page(order)
    assert checkout.url.startswith("https://checkout.stripe.com/")
    assert not checkout.doubtful
    assert facts_of("checkout.opened", order.number) == {
        "checkout": checkout.pk, "edit": None, "gateway": "stripe", "amount": "19.90", "currency": "EUR",
        "expires_at": DEADLINE.strftime("%Y-%m-%dT%H:%M:%S+00:00"), "page": True,
    }  # fmt: skip


def test_asking_twice_opens_one_page(stripe):
    open_page(unpaid_order())
    with nothing_changes():
        assert ask_gateways(at=NOON) == 0
    assert len(stripe.account.sessions) == 1


def test_a_gateway_without_a_page_waits_for_somebody_to_tell_the_customer():
    checkout = open_page(unpaid_order(), gateway="manual")
    assert (checkout.url, checkout.reference) == ("", str(checkout.key))


def test_what_the_gateway_refuses_fails_and_says_why(stripe):
    order = unpaid_order()
    checkout = ask_to_pay(order, "0.20")
    ask_gateways(at=NOON)
    checkout = look(checkout)
    assert (checkout.state, checkout.closed_at) == (State.FAILED, NOON)
    assert "at least 50 cents" in checkout.last_error
    assert facts_of("checkout.ended", order.number)["state"] == "FAILED"


def test_a_silent_gateway_is_asked_again_a_little_later_with_the_same_words(stripe):
    checkout = ask_to_pay(unpaid_order())
    stripe.have_trouble(DOWN)
    ask_gateways(at=NOON)
    waiting = look(checkout)
    assert (waiting.state, waiting.attempts, waiting.leased_until) == (State.REQUESTED, 1, None)
    assert 4 <= (waiting.run_after - NOON).total_seconds() <= 6
    ask_gateways(at=NOON + ONE_MINUTE)
    assert look(checkout).state == State.OPEN


def test_a_lost_answer_does_not_open_a_second_page(stripe):
    checkout = ask_to_pay(unpaid_order())
    stripe.have_trouble(LOST)
    ask_gateways(at=NOON)
    assert look(checkout).doubtful
    ask_gateways(at=NOON + ONE_MINUTE)
    assert look(checkout).state == State.OPEN
    assert len(stripe.account.sessions) == 1


def test_a_worker_that_dies_before_it_could_record_leaves_one_page(stripe, monkeypatch):
    checkout = ask_to_pay(unpaid_order())
    with monkeypatch.context() as dying:
        dying.setattr("orders.actions.money.collecting.record_opened", die)
        with pytest.raises(SystemExit):
            ask_gateways(at=NOON)
    assert ask_gateways(at=NOON + ONE_MINUTE) == 0
    ask_gateways(at=NOON + LEASE)
    assert look(checkout).state == State.OPEN
    assert len(stripe.account.sessions) == 1


def die(**_):
    raise SystemExit


def test_one_gateway_that_is_silent_keeps_no_other_from_being_asked(stripe):
    silent, other = ask_to_pay(unpaid_order()), ask_to_pay(unpaid_order(), gateway="sandbox")
    ask_to_pay(unpaid_order())
    stripe.have_trouble(GONE, GONE, GONE)
    ask_gateways(at=NOON)
    assert (look(silent).state, look(other).state) == (State.REQUESTED, State.OPEN)
    assert len(stripe.asked) == 1


def test_taking_the_question_back_closes_the_page(stripe):
    order = unpaid_order()
    checkout = open_page(order)
    assert take_question_back(order) == 1
    assert (look(checkout).state, look(checkout).closing) == (State.CANCELED, True)
    assert announced(order.number)[-1] == "checkout.ended"

    ask_gateways(at=SOON)

    assert not look(checkout).closing
    assert stripe.account.sessions[checkout.reference]["status"] == "expired"
    assert take_question_back(order) == 0


def test_what_was_never_asked_needs_no_closing(stripe):
    order = unpaid_order()
    checkout = ask_to_pay(order)
    take_question_back(order)
    assert ask_gateways(at=SOON) == 0
    assert (look(checkout).state, look(checkout).closing) == (State.CANCELED, False)
    assert stripe.asked == []


def test_a_page_that_may_have_been_opened_is_found_and_closed(stripe):
    order = unpaid_order()
    ask_to_pay(order)
    stripe.have_trouble(LOST)
    ask_gateways(at=NOON)
    take_question_back(order)

    ask_gateways(at=SOON)

    assert [session["status"] for session in stripe.account.sessions.values()] == ["expired"]


def test_a_page_that_was_never_opened_is_not_looked_for_for_ever(stripe):
    order = unpaid_order()
    checkout = ask_to_pay(order)
    stripe.have_trouble(GONE)
    ask_gateways(at=NOON)
    take_question_back(order)
    stripe.account.now = (NOON + hours(2)).timestamp
    ask_gateways(at=NOON + hours(2))
    assert not look(checkout).closing
    assert ask_gateways(at=NOON + hours(3)) == 0


def test_taken_back_while_the_gateway_answers_it_is_closed_next(stripe, monkeypatch):
    order = unpaid_order()
    checkout = ask_to_pay(order)

    def answer_late(**words):
        take_question_back(order)
        return record_opened(**words)

    with monkeypatch.context() as meanwhile:
        meanwhile.setattr("orders.actions.money.collecting.record_opened", answer_late)
        ask_gateways(at=NOON)

    checkout = look(checkout)
    assert (checkout.state, checkout.closing) == (State.CANCELED, False)
    assert stripe.account.sessions[checkout.reference]["status"] == "expired"
    assert "checkout.opened" not in announced(order.number)


def test_it_runs_out_at_its_own_deadline_though_stripes_page_lives_longer(stripe):
    order = unpaid_order()
    checkout = open_page(order)
    assert stripe.account.sessions[checkout.reference]["expires_at"] == (NOON + hours(1)).timestamp()

    stripe.account.now = DEADLINE.timestamp
    ask_gateways(at=DEADLINE)

    assert (look(checkout).state, look(checkout).closed_at) == (State.EXPIRED, DEADLINE)
    assert stripe.account.sessions[checkout.reference]["status"] == "expired"
    assert money(order) == ("0.00", "0.00", "19.90")


def test_a_deadline_beyond_stripes_longest_page_comes_with_the_page(stripe):
    checkout = ask_to_pay(unpaid_order(), expires_at=NOON + hours(72))
    ask_gateways(at=NOON)
    assert look(checkout).expires_at == NOON + hours(24)


def test_paid_in_the_last_second_counts_though_no_message_came(stripe):
    order = unpaid_order()
    checkout = open_page(order)
    stripe.account.pay(checkout.reference)
    stripe.account.now = DEADLINE.timestamp

    ask_gateways(at=DEADLINE)

    assert look(checkout).state == State.PAID
    assert money(order) == ("19.90", "0.00", "0.00")


def test_an_open_page_is_looked_at_now_and_then_in_case_its_message_is_lost(stripe):
    order = unpaid_order()
    checkout = open_page(order)
    assert ask_gateways(at=NOON + 29 * ONE_SECOND) == 0
    assert ask_gateways(at=NOON + 31 * ONE_SECOND) == 1
    assert look(checkout).state == State.OPEN
    stripe.account.pay(checkout.reference)
    ask_gateways(at=NOON + 2 * ONE_MINUTE)
    assert look(checkout).state == State.PAID


def test_the_message_after_the_look_changes_nothing(stripe):
    order = unpaid_order()
    checkout = open_page(order)
    event = stripe.account.pay(checkout.reference)
    ask_gateways(at=LATER)
    before = money(order), announced(order.number)
    hear(event)
    assert (money(order), announced(order.number)) == before


@pytest.mark.parametrize(
    ("name", "test", "code"),
    [("stripe", False, "stripe"), ("sandbox", False, "sandbox"), ("channel", False, "channel"),
     ("paypal", False, "manual"), ("", False, "manual"), ("stripe", True, "sandbox")],
)  # fmt: skip
def test_who_asks_for_the_money(stripe, name, test, code):
    assert charging_gateway(name, test=test) == code


def test_stripe_without_an_account_is_asked_for_by_a_person(settings):
    settings.STRIPE_SECRET_KEY = ""
    assert charging_gateway("stripe", test=False) == "manual"


def test_a_sandbox_that_is_switched_off_takes_nothing(settings):
    settings.SANDBOX_GATEWAY = False
    checkout = ask_to_pay(unpaid_order(), gateway="sandbox")
    ask_gateways(at=NOON)
    assert (look(checkout).state, look(checkout).url) == (State.FAILED, "")
    assert "switched off" in look(checkout).last_error


@pytest.mark.django_db(transaction=True)
def test_nobody_is_asked_or_let_off_outside_a_transaction():
    order = unpaid_order()
    with pytest.raises(OutsideTransaction):
        cancel_checkouts(order, by=ADA, at=NOON)


def test_a_row_that_breaks_us_is_seen_and_tried_again(stripe, monkeypatch, caplog):
    checkout = ask_to_pay(unpaid_order())
    with monkeypatch.context() as broken:
        broken.setattr("orders.actions.money.collecting.describe_ask", lambda checkout: 1 / 0)
        ask_gateways(at=NOON)
    assert "ZeroDivisionError" in look(checkout).last_error
    assert look(checkout).run_after > NOON + timedelta(seconds=3)
    assert "Asking stripe" in caplog.text
