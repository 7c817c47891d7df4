"""What of returns waits for a person, and how it ends."""

from datetime import timedelta

import pytest

from oms.models import ExceptionItem
from oms.tasks import review_troubles
from returns.actions.straying import note_stray
from returns.models import ReturnItem, StrayParcel
from returns.queries.exceptions import (
    INSPECT_WITHIN,
    find_lost,
    find_strays,
    find_surplus,
    find_undecided,
    find_uninspected,
)
from tests.make.moments import ADA, ONE_HOUR
from tests.make.return_nodes import node_at
from tests.make.returns import ASKED, open_return
from tests.make.settled import ARRIVED, come_back, inspect, receive
from tests.make.staff import browser

pytestmark = pytest.mark.django_db


def test_an_unknown_parcel_waits_until_somebody_says_what_it_was():
    stray = note_stray(code="JJD0001", items=[], node=node_at("LEJ"), note="A blue shirt", by=ADA, at=ARRIVED)
    review_troubles()
    item = ExceptionItem.objects.get(type="stray_parcel")
    assert "LEJ place, called JJD0001: A blue shirt" in item.cause

    answer = {"resolution": "A gift for the neighbour", "number": ""}
    browser().post(f"/admin/oms/exceptionitem/{item.pk}/do/resolve/", answer)

    assert StrayParcel.objects.get(pk=stray.pk).resolution == "A gift for the neighbour"
    assert not find_strays(ARRIVED).exists()


def test_goods_that_lie_too_long_are_asked_for_and_leave_with_their_inspection():
    found = receive(open_return())

    assert not find_uninspected(ARRIVED + INSPECT_WITHIN - timedelta(seconds=1)).exists()
    assert [each.number for each in find_uninspected(ARRIVED + INSPECT_WITHIN)] == [found.number]
    inspect(found)
    assert not find_uninspected(ARRIVED + INSPECT_WITHIN).exists()


def test_what_nobody_could_judge_waits_until_somebody_does():
    found = come_back(open_return(), "NEEDS_PERSON")
    assert [item.of.number for item in find_undecided(ARRIVED)] == [found.number]

    found.items.update(inspected_at=None)
    inspect(found, at=ARRIVED + ONE_HOUR)

    assert not find_undecided(ARRIVED).exists()


def test_surplus_waits_until_it_is_known_what_becomes_of_it():
    found = receive(open_return())
    surplus = ReturnItem.objects.create(of=found, quantity=1, resolution="REFUND", reception="SURPLUS")
    assert [item.pk for item in find_surplus(ARRIVED)] == [surplus.pk]

    ReturnItem.objects.filter(pk=surplus.pk).update(acceptance="REJECTED")

    assert not find_surplus(ARRIVED).exists()


def test_what_got_lost_waits_while_nothing_was_given_for_it():
    found = open_return()
    found.items.update(reception="LOST")

    assert [item.of.number for item in find_lost(ASKED)] == [found.number]
