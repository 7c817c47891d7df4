"""Being told once when stock falls to a level that somebody asked about."""

from decimal import Decimal

import pytest

from inventory.actions.promising import Claim
from inventory.actions.reserving import reserve
from inventory.actions.watching import watch_stock
from inventory.models import Availability, Variant
from tests.make.moments import ADA, NOON
from tests.make.snapshots import announced, facts_of
from tests.make.statements import statements_made
from tests.make.stock import SKU, stocked_variant, stocked_variants

pytestmark = pytest.mark.django_db


def watch(*levels):
    """Ask about as many SKUs as levels are given."""
    ids = Availability.objects.order_by("variant_id").values_list("variant_id", flat=True)
    watch_stock(dict(zip(ids, map(Decimal, levels), strict=False)), by=ADA, at=NOON)


def watched():
    return list(Availability.objects.order_by("variant_id").values_list("watch_units", flat=True))


def test_the_highest_level_that_anybody_asked_for_stands():
    stocked_variant(on_hand=10)
    for level in (3, 7, 5):
        watch(level)
    assert watched() == [7]
    assert "stock.fell" not in announced(SKU)


def test_a_level_that_is_reached_already_is_told_at_once_and_not_watched():
    stocked_variant(on_hand=10)
    watch(10)
    assert watched() == [None]
    assert facts_of("stock.fell") == {"available": 10, "level": 10}


def test_asking_about_nothing_says_nothing():
    with statements_made() as made:
        watch()
    assert made[1:] == []


def test_asking_about_many_skus_takes_as_many_statements_as_about_one():
    stocked_variants("A", "B", "C", on_hand=10)
    with statements_made() as made:
        watch(3, 3, 3)
    assert len(made) == 2
    assert watched() == [3, 3, 3]


def test_stock_that_falls_to_the_level_is_told_once():
    stocked_variant(on_hand=10)
    watch(5)
    promise(4)
    assert "stock.fell" not in announced(SKU)
    promise(1), promise(2)
    assert announced(SKU).count("stock.fell") == 1
    assert (facts_of("stock.fell"), watched()) == ({"available": 5, "level": 5}, [None])


def promise(units):
    """Somebody's order takes so many."""
    reserve([Claim(f"ref-{units}", Variant.objects.get().pk, Decimal(units), NOON)], by=ADA, at=NOON)
