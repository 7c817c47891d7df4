"""Boxes, and where a parcel is."""

from datetime import UTC, datetime
from decimal import Decimal
from itertools import permutations

import pytest

from orders.policies.shipping.parcels import Item, Packaging, pack_items
from orders.policies.shipping.tracking import Sighting, find_standing, read_status

BARE = Packaging(grams=0, wall_mm=0)


def test_a_parcel_weighs_its_things_and_its_box():
    packed = pack_items([Item(Decimal(2), 300, None), Item(Decimal("2.5"), 101, None)])
    assert (packed.grams, packed.measures, packed.guessed) == (973, None, False)


def test_what_nobody_weighed_is_assumed_and_said_so():
    packed = pack_items([Item(Decimal(2), None, None)], BARE)
    assert (packed.grams, packed.guessed) == (500, True)


def test_one_thing_alone_needs_its_own_measures_and_lies_flat():
    assert pack_items([Item(Decimal(1), 1, (20, 300, 200))], BARE).measures == (300, 200, 20)


def test_every_thing_fits_into_the_box_and_so_does_their_volume():
    items = [Item(Decimal(3), 1, (300, 200, 20)), Item(Decimal(1), 1, (100, 90, 80))]
    length, width, height = pack_items(items, BARE).measures
    assert (length, width) == (300, 200)
    assert height >= 80
    assert length * width * height >= 3 * 300 * 200 * 20 + 100 * 90 * 80


@pytest.mark.parametrize(
    ("word", "detail", "status"),
    [
        ("in_transit", "", "IN_TRANSIT"),
        ("in_transit", "delayed", "DELAYED"),
        ("delivered", "arrived_at_destination", "DELIVERED"),
        ("return_to_sender", "", "RETURNED"),
        ("unknown", "", None),
        ("something new", "", None),
    ],
)
def test_carriers_words_become_ours(word, detail, status):
    assert read_status(word, detail) == status


def seen(status, hour):
    return Sighting(status, datetime(2026, 11, 20, hour, tzinfo=UTC))


def test_the_order_in_which_reports_come_in_changes_nothing():
    reports = [seen("CONFIRMED", 8), seen("IN_TRANSIT", 9), seen("DELIVERED", 15), seen("IN_TRANSIT", 16)]
    assert {find_standing(each) for each in permutations(reports)} == {seen("DELIVERED", 15)}
    back = [*reports, seen("RETURNED", 17)]
    assert {find_standing(each) for each in permutations(back)} == {seen("RETURNED", 17)}
    assert find_standing([]) is None
