"""Where letters stand when scripts from left and right meet (UAX #9)."""

import pytest

from oms.lettering.directions import order_runs


def from_left(text: str) -> str:
    """The characters as they stand on paper; brackets as they were typed, the font turns them."""
    return "".join(text[start:end][:: -1 if level % 2 else 1] for start, end, level in order_runs(text))


def test_latin_stands_as_it_was_written():
    assert from_left("Torstr. 1 (Hof)") == "Torstr. 1 (Hof)"


def test_hebrew_runs_from_the_right_and_its_numbers_do_not():
    assert from_left("רחוב 15 דירה") == "הריד 15 בוחר"


def test_a_latin_name_keeps_its_order_inside_a_line_from_the_right():
    assert from_left("שלום Ada Meier שלום") == "םולש Ada Meier םולש"


def test_a_hebrew_name_keeps_its_order_inside_a_line_from_the_left():
    assert from_left("Herrn דוד כהן, Berlin") == "Herrn ןהכ דוד, Berlin"


@pytest.mark.parametrize("number", ["1,50", "12.5%", "3/4"])
def test_a_number_is_one_whatever_separates_its_digits(number):
    assert from_left(f"א {number}") == f"{number} א"


def test_an_arabic_number_after_arabic_letters_stands_to_their_left():
    assert from_left("شارع ٣٤") == "٣٤ عراش"


def test_brackets_around_latin_in_a_line_from_the_right_stay_with_the_line():
    assert from_left("א (abc) ב") == "ב )abc( א"


def test_nothing_has_no_runs():
    assert order_runs("") == []
