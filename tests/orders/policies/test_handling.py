"""Marks by handling class."""

from inventory.models.product import Handling
from orders.carriers.marks import MARKS
from orders.policies.handling import HANDLING_MARKS, find_marks
from orders.wording.handling import NAMES, PACKING


def codes(*handling: str) -> list[str]:
    return [mark.code for mark in find_marks(handling)]


def test_each_class_of_the_catalogue_has_a_mark_a_name_and_a_rule():
    classes = set(Handling.values)
    assert set(HANDLING_MARKS) == set(MARKS) == set(NAMES) == set(PACKING) == classes


def test_bottles_travel_upright():
    assert codes("liquid") == ["liquid", "this_side_up"]


def test_a_mark_stands_once_however_many_things_want_it():
    assert codes("fragile", "this_side_up", "fragile", "liquid") == ["fragile", "liquid", "this_side_up"]


def test_a_class_that_nobody_knows_has_no_mark():
    assert codes("radioactive") == []
