"""Approved, refused, canceled, opened again, run out."""

import pytest

from oms.errors import Invalid
from oms.models import EventRecord
from orders.errors import NotThatManySent
from returns.actions.canceling import cancel_return
from returns.actions.deciding import approve_return, refuse_return, reopen_return
from returns.actions.expiring import close_unsent, remind_unsent
from returns.actions.receiving import receive_return
from returns.errors import ReturnEnded, ReturnNotOpen, ReturnUnderway, WithdrawalStands
from returns.models import Return
from returns.policies.receiving import Arrived
from tests.make.moments import ADA, ONE_DAY, ONE_HOUR, ONE_SECOND
from tests.make.returns import ASKED, ask_return, delivered_order, line_of, open_return, rule, told, waiting_return

pytestmark = pytest.mark.django_db

LATER = ASKED + ONE_HOUR


def approve(made, **fields):
    return approve_return(number=made.number, by=ADA, at=LATER, **fields)


def refuse(made, explanation="Worn.", at=LATER):
    return refuse_return(number=made.number, explanation=explanation, by=ADA, at=at)


def cancel(made, at=LATER):
    return cancel_return(number=made.number, by="customer", at=at, reason="Kept it.")


def claimed(made):
    return line_of(made.order).returned_quantity


def receive(made, at=LATER):
    (item,) = made.items.all()
    return receive_return(number=made.number, arrivals=[Arrived(item.pk, "", item.quantity)], by=ADA, at=at)


def state_of(made):
    made.refresh_from_db()
    return made.status, made.version, EventRecord.objects.count(), claimed(made)


def test_what_a_person_approves_is_open_until_its_last_day():
    made = approve(waiting_return(), note="Known customer.")
    assert (made.status, made.decided_at, made.expires_at) == ("OPEN", LATER, LATER + 30 * ONE_DAY)
    assert made.decision == {"verdict": "APPROVE", "because": ["Known customer."], "by": ADA}
    assert told(made) == ["return.requested", "return.approved"]


def test_approving_twice_is_harmless():
    made = approve(waiting_return())
    before = state_of(made)
    approve(made)
    assert state_of(made) == before


def test_what_they_keep_is_given_for_at_once_and_closes():
    made = waiting_return()
    approve(made, keep_it=True)
    made.refresh_from_db()
    assert (made.method, made.items.get().needs_goods) == ("KEEP_IT", False)
    assert made.items.get().settlement.given == made.items.get().value


def test_what_is_refused_frees_its_units_and_says_why():
    made = refuse(waiting_return())
    assert (made.status, made.explanation, made.ended_at) == ("DECLINED", "Worn.", LATER)
    assert claimed(made) == 0
    assert told(made) == ["return.requested", "return.refused"]
    assert ask_return(made.order).sequence == 2


def test_refusing_needs_a_reason_that_the_customer_can_read():
    made = waiting_return()
    before = state_of(made)
    with pytest.raises(Invalid):
        refuse(made, " ")
    assert state_of(made) == before


def test_a_withdrawal_cannot_be_refused_by_anybody():
    made = waiting_return(kind="WITHDRAWAL")
    before = state_of(made)
    with pytest.raises(WithdrawalStands):
        refuse(made)
    assert state_of(made) == before


def test_an_open_return_is_not_refused_any_more():
    made = open_return()
    before = state_of(made)
    with pytest.raises(ReturnNotOpen):
        refuse(made)
    assert state_of(made) == before


def test_a_canceled_return_frees_its_units_and_stays_canceled():
    made = cancel(open_return())
    assert (made.status, claimed(made)) == ("CANCELED", 0)
    assert [item.reception for item in made.items.all()] == ["CANCELED"]
    assert told(made)[-1] == "return.canceled"

    before = state_of(made)
    cancel(made)
    for act in (approve, refuse):
        with pytest.raises(ReturnEnded):
            act(made)
    assert state_of(made) == before


def test_what_has_moved_is_not_canceled():
    made = open_return()
    receive(made)
    before = state_of(made)
    with pytest.raises(ReturnUnderway):
        cancel(made, at=LATER + ONE_HOUR)
    assert state_of(made) == before


def test_what_staff_declined_they_can_open_again():
    made = refuse(waiting_return())
    reopened = reopen_return(number=made.number, because="A mistake.", by=ADA, at=LATER + ONE_HOUR)
    assert (reopened.status, reopened.ended_at, claimed(made)) == ("OPEN", None, 1)
    assert told(made)[-1] == "return.reopened"


def test_it_is_not_opened_again_when_another_return_speaks_for_its_units():
    made = refuse(waiting_return())
    ask_return(made.order)
    before = state_of(made)
    with pytest.raises(NotThatManySent):
        reopen_return(number=made.number, because="A mistake.", by=ADA, at=LATER)
    assert state_of(made) == before


def test_a_return_that_nobody_sends_is_told_of_once_and_then_closes():
    made = open_return()
    assert remind_unsent(at=ASKED + 20 * ONE_DAY) == 0
    assert [remind_unsent(at=ASKED + 26 * ONE_DAY) for _ in range(2)] == [1, 0]
    assert told(made)[-1] == "return.running_out"

    assert close_unsent(at=made.expires_at - ONE_SECOND) == 0
    assert [close_unsent(at=made.expires_at) for _ in range(2)] == [1, 0]
    made.refresh_from_db()
    assert (made.status, claimed(made)) == ("CLOSED", 0)
    assert told(made)[-1] == "return.closed"


def test_what_was_sent_or_withdrawn_never_runs_out():
    rule("APPROVE")
    sent, withdrawn = open_return(), ask_return(delivered_order(), kind="WITHDRAWAL")
    receive(sent)
    assert withdrawn.expires_at is None
    assert close_unsent(at=ASKED + 400 * ONE_DAY) == 0
    assert set(Return.objects.values_list("status", flat=True)) == {"OPEN"}
