"""Goods that are not as the terms ask: opened what may come back only sealed, worn, without their tags."""

import pytest

from oms.errors import Invalid
from returns.actions.inspecting import Finding, inspect_return
from returns.models import Return, Settlement
from tests.make.moments import ADA
from tests.make.orders import line
from tests.make.returns import delivered_order, item, line_of, open_return, terms_in_force
from tests.make.settled import ARRIVED, books, come_back, inspect, receive, shelf, states
from tests.make.snapshots import facts_of, nothing_changes
from tests.make.stock import SKU, stocked_variant

pytestmark = pytest.mark.django_db


@pytest.fixture
def bra() -> Return:
    """Sold for good for reasons of hygiene: the law takes it back, sealed."""
    terms_in_force({"final_sale": "INTIMATE"})
    return open_return()


@pytest.fixture
def dress() -> Return:
    terms_in_force({"conditions": ["UNWORN", "TAGS_ATTACHED"]})
    return open_return()


def test_a_return_keeps_what_its_terms_asked_of_its_state(bra):
    kept = bra.items.get()
    assert (kept.conditions, kept.sealed_only, kept.unmet) == (["SEAL_UNBROKEN"], True, [])


def test_sealed_it_is_taken_back_like_anything_else(bra):
    come_back(bra)
    assert states(bra) == [("1", "RECEIVED", "ACCEPTED")]
    assert books(bra.order)["credited"] == "19.90"


def test_opened_it_is_rejected_with_that_reason_and_nothing_is_given(bra):
    come_back(bra, grade="B", unmet=("SEAL_UNBROKEN",))

    found = bra.items.get()
    assert (found.acceptance, found.unmet, found.disposition) == ("REJECTED", ["SEAL_UNBROKEN"], "")
    assert not Settlement.objects.exists()
    assert books(bra.order)["credited"] == "0.00"
    (told,) = facts_of("return.inspected")["items"]
    assert (told["acceptance"], told["unmet"]) == ("REJECTED", ["SEAL_UNBROKEN"])
    assert Return.objects.get().status == "CLOSED"
    assert shelf(SKU)[1:] == (0, 0)


def test_the_same_finding_twice_is_one(bra):
    receive(bra)
    opened = [Finding(bra.items.get().pk, 1, "ACCEPTED", grade="B", unmet=("SEAL_UNBROKEN",))]
    inspect_return(number=bra.number, findings=opened, by=ADA, at=ARRIVED)
    with nothing_changes():
        inspect_return(number=bra.number, findings=opened, by=ADA, at=ARRIVED)


def test_worn_it_waits_for_a_person_who_may_take_it_back_all_the_same(dress):
    come_back(dress, unmet=("UNWORN",))
    assert states(dress) == [("1", "RECEIVED", "NEEDS_PERSON")]
    assert not Settlement.objects.exists()

    despite = Finding(dress.items.get().pk, 1, "ACCEPTED", grade="B", unmet=("UNWORN",), despite=True)
    inspect_return(number=dress.number, findings=[despite], by=ADA, at=ARRIVED)
    assert states(dress) == [("1", "RECEIVED", "ACCEPTED")]
    assert dress.items.get().unmet == ["UNWORN"]
    assert books(dress.order)["credited"] == "19.90"


def test_of_two_units_only_the_opened_one_is_rejected():
    terms_in_force({"final_sale": "INTIMATE"})
    stocked_variant(on_hand=9)
    order = delivered_order([line(quantity=2)])
    found = open_return(order, item(line_of(order), 2))
    receive(found)
    opened = Finding(found.items.get().pk, 1, "ACCEPTED", grade="C", unmet=("SEAL_UNBROKEN",))
    inspect_return(number=found.number, findings=[opened], by=ADA, at=ARRIVED)
    inspect(found)
    assert sorted(states(found)) == [("1", "RECEIVED", "ACCEPTED"), ("1", "RECEIVED", "REJECTED")]
    assert books(order)["credited"] == "19.90"


def test_what_is_our_fault_may_be_opened():
    terms_in_force({"final_sale": "INTIMATE"})
    order = delivered_order()
    found = open_return(order, item(line_of(order), reason="wrong-item"), source="API")
    assert (found.items.get().conditions, found.items.get().sealed_only) == ([], False)


def test_a_condition_that_the_terms_do_not_ask_cannot_be_held_against_it(dress):
    receive(dress)
    with nothing_changes(), pytest.raises(Invalid) as refusal:
        inspect(dress, unmet=("SEAL_UNBROKEN",))
    assert [(error.pointer, error.code) for error in refusal.value.errors] == [("/findings/0/unmet", "no_condition")]
