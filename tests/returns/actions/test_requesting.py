"""Asking for a return: what is kept, what is claimed, what is announced."""

from decimal import Decimal

import pytest

from returns.models import AbuseScore
from tests.make.moments import ONE_DAY
from tests.make.orders import line
from tests.make.returns import ASKED, ask_return, delivered_order, line_of, terms_in_force, told
from tests.make.stock import stocked_variant

pytestmark = pytest.mark.django_db


def test_a_return_bears_the_number_of_its_order_and_its_place():
    order = delivered_order([line(quantity=3)], **stocked())
    first, second = ask_return(order), ask_return(order)
    assert [first.number, second.number] == [f"{order.number}-R1", f"{order.number}-R2"]


def stocked():
    stocked_variant(on_hand=50)
    return {}


def test_what_the_rules_approve_is_open_and_its_units_are_claimed():
    terms_in_force({})
    order = delivered_order()
    made = ask_return(order)

    assert (made.status, made.method, made.decided_at) == ("OPEN", "PREPAID_LABEL", ASKED)
    assert made.expires_at == ASKED + 30 * ONE_DAY
    (kept,) = made.items.all()
    assert (kept.quantity, kept.value, kept.reception, kept.acceptance) == (1, Decimal("19.90"), "AWAITING", "PENDING")
    assert line_of(order).returned_quantity == 1
    assert told(made) == ["return.requested", "return.approved"]
    assert AbuseScore.objects.get(of=made).points == 0
