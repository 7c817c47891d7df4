"""Making a reference's reservations add up to what it wants now."""

from decimal import Decimal

import pytest

from inventory.actions.promising import Claim
from inventory.actions.reserving import rebook, reserve, reserve_or_queue
from inventory.errors import StockShort
from inventory.queries.drift import find_drift
from tests.make.moments import ADA, NOON, ONE_MINUTE
from tests.make.snapshots import facts_of, nothing_changes
from tests.make.stock import available, promises, reservations, stocked_variant

pytestmark = pytest.mark.django_db

LATER = NOON + ONE_MINUTE


@pytest.fixture
def tee():
    return stocked_variant("TEE", 5)


@pytest.fixture
def cap():
    return stocked_variant("CAP", 5)


def claim(reference, variant, units, *, since=NOON):
    return Claim(reference, variant.pk, Decimal(units), since)


def want(wanted, *, reference="1", queue=True, at=LATER):
    return rebook(reference, {v.pk: Decimal(units) for v, units in wanted.items()}, queue=queue, by=ADA, at=at)


def test_wanting_the_same_changes_nothing(tee):
    reserve([claim("1", tee, 2)], by=ADA, at=NOON)
    with nothing_changes():
        assert want({tee: 2}) == []


def test_more_of_a_sku_is_a_claim_of_its_own(tee):
    reserve([claim("1", tee, 2)], by=ADA, at=NOON)
    assert want({tee: 3}) == []
    assert reservations() == [("1", "TEE", 2, "PROMISED"), ("1", "TEE", 1, "PROMISED")]
    assert promises("TEE") == (5, 3)


def test_less_of_a_sku_gives_units_back(tee):
    reserve([claim("1", tee, 3)], by=ADA, at=NOON)
    want({tee: 1})
    assert reservations() == [("1", "TEE", 1, "PROMISED")]
    assert available("TEE") == 4


def test_another_sku_takes_the_new_and_gives_the_old_back_in_one_step(tee, cap):
    reserve([claim("1", tee, 2)], by=ADA, at=NOON)
    assert want({cap: 2}) == []
    assert reservations() == [("1", "CAP", 2, "PROMISED")]
    assert (promises("TEE"), promises("CAP")) == ((5, 0), (5, 2))


def test_wanting_nothing_gives_all_back(tee, cap):
    reserve([claim("1", tee, 2), claim("1", cap, 1)], by=ADA, at=NOON)
    want({})
    assert reservations() == []
    assert (available("TEE"), available("CAP")) == (5, 5)


def test_less_gives_up_what_waits_before_what_is_promised(tee):
    reserve_or_queue([claim("1", tee, 4), claim("1", tee, 3, since=LATER)], by=ADA, at=NOON)
    want({tee: 5})
    assert reservations() == [("1", "TEE", 4, "PROMISED"), ("1", "TEE", 1, "PROMISED")]
    want({tee: 4})
    assert sum(units for _, _, units, _ in reservations()) == 4
    assert promises("TEE") == (5, 4)


def test_more_than_is_left_is_refused_and_changes_nothing(tee, cap):
    reserve([claim("1", tee, 2), claim("1", cap, 1)], by=ADA, at=NOON)
    with pytest.raises(StockShort) as refusal:
        want({tee: 6, cap: 0}, queue=False)
    assert refusal.value.facts["skus"] == [{"sku": "TEE", "wanted": 4, "available": 3}]


def test_more_than_is_left_waits_where_it_was_sold_already(tee):
    reserve([claim("1", tee, 2)], by=ADA, at=NOON)
    (shortage,) = want({tee: 6})
    assert shortage.as_facts() == {"sku": "TEE", "wanted": 4, "available": 3}
    assert reservations() == [("1", "TEE", 2, "PROMISED"), ("1", "TEE", 4, "SHORT")]
    assert promises("TEE") == (5, 2)


def test_units_given_back_go_to_who_waits(tee):
    reserve([claim("1", tee, 5)], by=ADA, at=NOON)
    reserve_or_queue([claim("2", tee, 3)], by=ADA, at=NOON)
    want({tee: 2})
    assert reservations("2") == [("2", "TEE", 3, "PROMISED")]
    assert facts_of("stock.promised") == {"references": ["2"]}
    assert promises("TEE") == (5, 5)


def test_who_waits_for_less_now_gets_what_lies_there(tee):
    reserve_or_queue([claim("1", tee, 7)], by=ADA, at=NOON)
    want({tee: 4})
    assert reservations() == [("1", "TEE", 4, "PROMISED")]
    assert promises("TEE") == (5, 4)
    assert find_drift() == []


def test_others_references_are_not_touched(tee):
    reserve([claim("1", tee, 2), claim("2", tee, 2)], by=ADA, at=NOON)
    want({tee: 1})
    assert reservations("2") == [("2", "TEE", 2, "PROMISED")]
