"""Asking, approving, canceling and receiving at once: one story, whoever wins."""

from threading import Barrier

import pytest

from oms.models import EventRecord
from orders.models import OrderLine
from returns.actions.canceling import cancel_return
from returns.actions.deciding import approve_return, refuse_return
from returns.actions.receiving import receive_return
from returns.errors import NotReturnable, NotThatManyToReturn, ReturnEnded, ReturnNotOpen, ReturnUnderway
from returns.models import Return, ReturnItem
from returns.policies.receiving import Arrived
from tests.make.moments import ADA, ONE_HOUR
from tests.make.orders import line
from tests.make.returns import ASKED, ask_return, delivered_order, rule, terms_in_force
from tests.make.stock import stocked_variant
from tests.races.together import PATIENCE, errors_of, race_over, run_together, say, unguarded_table

pytestmark = pytest.mark.django_db(transaction=True)

MANY = 30
LATER = ASKED + ONE_HOUR


def orders(count=MANY):
    terms_in_force({})
    stocked_variant(on_hand=count)
    return [delivered_order([line()]) for _ in range(count)]


def returns(count=MANY):
    return [ask_return(order) for order in orders(count)]


def approve(made):
    return approve_return(number=made.number, by=ADA, at=LATER)


def refuse(made):
    return refuse_return(number=made.number, explanation="Worn.", by=ADA, at=LATER)


def cancel(made):
    return cancel_return(number=made.number, by="customer", at=LATER)


def receive(made):
    item = ReturnItem.objects.get(of=made, split_from=None)
    return receive_return(number=made.number, arrivals=[Arrived(item.pk, "", item.quantity)], by=ADA, at=LATER)


def refusals(outcomes):
    return [type(error) for pair in outcomes for error in errors_of(pair)]


def told(type_):
    return EventRecord.objects.filter(type=type_).count()


def claimed():
    return [int(units) for units in OrderLine.objects.values_list("returned_quantity", flat=True)]


def test_two_who_ask_for_the_last_unit_get_one_return():
    outcomes = race_over(orders(), ask_return, ask_return)
    assert len(refusals(outcomes)) == MANY
    assert set(refusals(outcomes)) <= {NotReturnable, NotThatManyToReturn}
    assert (Return.objects.count(), claimed()) == (MANY, [1] * MANY)
    assert told("return.requested") == MANY


def test_receipt_against_cancellation_leaves_one_story():
    outcomes = race_over(returns(), receive, cancel)
    assert set(refusals(outcomes)) <= {ReturnUnderway}
    canceled = Return.objects.filter(status="CANCELED")
    received = Return.objects.filter(status="OPEN", moved_at__isnull=False)
    assert canceled.count() + received.count() == MANY
    assert told("return.canceled") == canceled.count()
    assert told("return.received") == received.count()
    assert not ReturnItem.objects.filter(of__in=canceled).exclude(reception="CANCELED").exists()
    assert not ReturnItem.objects.filter(of__in=received).exclude(reception="RECEIVED").exists()
    assert sum(claimed()) == received.count()


def test_cancel_against_approve_ends_canceled_and_frees_each_unit_once():
    rule("REVIEW")
    outcomes = race_over(returns(), approve, cancel)
    assert set(refusals(outcomes)) <= {ReturnEnded}
    assert set(Return.objects.values_list("status", flat=True)) == {"CANCELED"}
    assert (claimed(), told("return.canceled")) == ([0] * MANY, MANY)
    assert told("return.approved") + len(refusals(outcomes)) == MANY


def test_approve_against_refuse_has_one_winner():
    rule("REVIEW")
    outcomes = race_over(returns(), approve, refuse)
    assert len(refusals(outcomes)) == MANY
    assert set(refusals(outcomes)) <= {ReturnEnded, ReturnNotOpen}
    assert told("return.approved") + told("return.refused") == MANY
    assert sum(claimed()) == told("return.approved")


def test_control_who_counts_what_is_left_and_claims_it_afterwards_gives_it_twice():
    def ask():
        ((left,),) = say("SELECT left_over FROM unguarded WHERE id = 1")
        looked.wait(PATIENCE)
        if left:
            say("UPDATE unguarded SET left_over = left_over - 1, given = given + 1 WHERE id = 1")

    looked = Barrier(2)
    with unguarded_table(1, left_over=1, given=0):
        assert errors_of(run_together(ask, ask)) == []
        assert say("SELECT given FROM unguarded") == [(2,)]
