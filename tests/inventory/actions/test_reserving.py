"""Promising all or nothing, queueing what was sold already, and who gets what comes free."""

from decimal import Decimal

import pytest

from inventory.actions.promising import Claim
from inventory.actions.reserving import let_go, reserve, reserve_or_queue
from inventory.errors import StockShort
from inventory.models import Availability, Reservation
from inventory.queries.drift import find_drift
from tests.make.moments import ADA, NOON, ONE_DAY, ONE_MINUTE
from tests.make.snapshots import announced, facts_of, nothing_changes
from tests.make.stock import SKU, available, promises, receive, reservations, stocked_variant

pytestmark = pytest.mark.django_db


def claim(reference, variant, units, *, since=NOON):
    return Claim(reference, variant.pk, Decimal(units), since)


def queue(*claims, at=NOON):
    return reserve_or_queue(claims, by=ADA, at=at).shortages


def test_reserving_promises_every_claim():
    tee, cap = stocked_variant("TEE", 5), stocked_variant("CAP", 5)
    reserve([claim("1", tee, 2), claim("1", cap, 1), claim("2", tee, 3)], by=ADA, at=NOON)
    assert reservations() == [("1", "TEE", 2, "PROMISED"), ("1", "CAP", 1, "PROMISED"), ("2", "TEE", 3, "PROMISED")]
    assert (promises("TEE"), promises("CAP")) == ((5, 5), (5, 1))


def test_one_short_sku_refuses_the_whole_and_is_named():
    tee, cap = stocked_variant("TEE", 5), stocked_variant("CAP", 1)
    with nothing_changes(), pytest.raises(StockShort) as refusal:
        reserve([claim("1", tee, 2), claim("1", cap, 2)], by=ADA, at=NOON)
    assert refusal.value.facts == {"skus": [{"sku": "CAP", "wanted": 2, "available": 1}]}


def test_units_of_cloth_are_promised_to_the_thousandth():
    linen = stocked_variant("LINEN", "2.5", divisible=True)
    reserve([claim("1", linen, "2.499")], by=ADA, at=NOON)
    with pytest.raises(StockShort):
        reserve([claim("2", linen, "0.002")], by=ADA, at=NOON)
    assert available("LINEN") == Decimal("0.001")


def test_each_sale_feeds_the_velocity_of_its_sku_by_its_own_day():
    tee, cap = stocked_variant("TEE"), stocked_variant("CAP")
    reserve([claim("1", tee, 7), claim("2", cap, 7, since=NOON - 14 * ONE_DAY)], by=ADA, at=NOON)
    rows = Availability.objects.in_bulk([tee.pk, cap.pk])
    assert rows[tee.pk].velocity == pytest.approx(0.5)
    assert rows[cap.pk].velocity == pytest.approx(0.5 / 2.718281828)


def test_what_was_sold_already_waits_for_what_is_not_there():
    tee = stocked_variant(on_hand=5)
    shortages = queue(claim("1", tee, 3), claim("2", tee, 3))

    assert {reference: [s.as_facts() for s in found] for reference, found in shortages.items()} == {
        "2": [{"sku": SKU, "wanted": 3, "available": 5}]
    }
    assert reservations() == [("1", SKU, 3, "PROMISED"), ("2", SKU, 3, "SHORT")]
    assert promises() == (5, 3)


@pytest.mark.parametrize("together", [True, False])
def test_in_one_batch_or_one_after_the_other_nobody_overtakes(together):
    tee = stocked_variant(on_hand=5)
    claims = [
        claim(str(units), tee, units, since=NOON + place * ONE_MINUTE)
        for place, units in enumerate((3, 6, 1, 2), start=1)
    ]
    claims.append(claim("early", tee, 2, since=NOON))
    for some in [claims] if together else [[one] for one in claims]:
        queue(*some)
    states = {reference: state for reference, _, _, state in reservations()}
    assert states == {"3": "PROMISED", "6": "SHORT", "1": "SHORT", "2": "SHORT", "early": "PROMISED"}


def test_what_waits_is_demand_all_the_same():
    tee = stocked_variant(on_hand=0)
    queue(claim("1", tee, 14))
    assert Availability.objects.get().velocity == pytest.approx(1)


def test_an_order_that_lacks_one_sku_keeps_the_promise_of_the_others():
    tee, cap = stocked_variant("TEE", 5), stocked_variant("CAP", 0)
    assert set(queue(claim("1", tee, 2), claim("1", cap, 1))) == {"1"}
    assert reservations() == [("1", "TEE", 2, "PROMISED"), ("1", "CAP", 1, "SHORT")]


def test_letting_go_frees_the_promise_and_twice_is_harmless():
    tee = stocked_variant(on_hand=5)
    reserve([claim("1", tee, 2), claim("2", tee, 3)], by=ADA, at=NOON)
    let_go(["1"], by=ADA, at=NOON + ONE_MINUTE)
    with nothing_changes():
        let_go(["1"], by=ADA, at=NOON + ONE_MINUTE)

    assert promises() == (5, 3)
    assert reservations() == [("2", SKU, 3, "PROMISED")]
    gone = Reservation.objects.get(reference="1")
    assert (gone.state, gone.closed_at) == ("RELEASED", NOON + ONE_MINUTE)


def test_letting_go_of_some_skus_keeps_the_others():
    tee, cap = stocked_variant("TEE", 5), stocked_variant("CAP", 5)
    reserve([claim("1", tee, 2), claim("1", cap, 2)], by=ADA, at=NOON)
    let_go(["1"], variant_ids=[cap.pk], by=ADA, at=NOON)
    assert reservations() == [("1", "TEE", 2, "PROMISED")]
    assert (promises("TEE"), promises("CAP")) == ((5, 2), (5, 0))


def test_freed_units_go_to_who_has_waited_longest():
    tee = stocked_variant(on_hand=4)
    reserve([claim("first", tee, 4)], by=ADA, at=NOON)
    queue(claim("late", tee, 2, since=NOON))
    queue(claim("early", tee, 3, since=NOON - ONE_DAY))
    let_go(["first"], by=ADA, at=NOON)

    assert reservations() == [("late", SKU, 2, "SHORT"), ("early", SKU, 3, "PROMISED")]
    assert announced(SKU)[-1] == "stock.promised"
    assert facts_of("stock.promised") == {"references": ["early"]}


def test_nobody_overtakes_who_waits_for_more():
    tee = stocked_variant(on_hand=0)
    queue(claim("wants much", tee, 5, since=NOON), claim("wants little", tee, 1, since=NOON + ONE_MINUTE))
    receive(3)
    assert [state for *_, state in reservations()] == ["SHORT", "SHORT"]
    receive(3)
    assert [state for *_, state in reservations()] == ["PROMISED", "PROMISED"]
    assert promises() == (6, 6)
    assert facts_of("stock.promised") == {"references": ["wants little", "wants much"]}


def test_who_waited_behind_one_that_gave_up_gets_what_lies_there():
    tee = stocked_variant(on_hand=3)
    queue(claim("wants much", tee, 5, since=NOON), at=NOON)
    queue(claim("wants three", tee, 4, since=NOON + ONE_MINUTE), at=NOON + ONE_MINUTE)
    receive(1)
    let_go(["wants much"], by=ADA, at=NOON)

    assert reservations() == [("wants three", SKU, 4, "PROMISED")]
    assert promises() == (4, 4)
    assert facts_of("stock.promised") == {"references": ["wants three"]}


def test_nothing_drifts_whatever_is_promised_and_let_go():
    tee = stocked_variant(on_hand=5, safety=2)
    queue(claim("1", tee, 2), claim("2", tee, 2))
    receive(1)
    let_go(["1"], by=ADA, at=NOON)
    assert find_drift() == []
    assert promises() == (4, 2)


def test_a_new_buyer_does_not_overtake_those_who_wait():
    tee = stocked_variant(on_hand=5)
    queue(claim("waits", tee, 9))
    with nothing_changes(), pytest.raises(StockShort) as refusal:
        reserve([claim("buyer", tee, 1)], by=ADA, at=NOON)
    assert refusal.value.facts == {"skus": [{"sku": SKU, "wanted": 1, "available": 0}]}

    receive(5)
    reserve([claim("buyer", tee, 1)], by=ADA, at=NOON)
    assert reservations() == [("waits", SKU, 9, "PROMISED"), ("buyer", SKU, 1, "PROMISED")]


def test_a_message_that_came_late_keeps_its_place_in_the_queue():
    tee = stocked_variant(on_hand=5)
    queue(claim("wants much", tee, 9))
    queue(claim("bought yesterday", tee, 3, since=NOON - ONE_DAY))
    assert reservations() == [("wants much", SKU, 9, "SHORT"), ("bought yesterday", SKU, 3, "PROMISED")]
    assert facts_of("stock.promised") == {"references": ["bought yesterday"]}
