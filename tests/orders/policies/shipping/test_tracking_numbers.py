"""Numbers that carriers print, and some that nobody does."""

import json
import os
from pathlib import Path

import pytest

from orders.policies.shipping.check_digits import fedex, gs1, luhn
from orders.policies.shipping.tracking_numbers import recognize_number

DEFINITIONS = os.environ.get("TRACKING_NUMBERS", "")


def carriers_of(number):
    return [each.carrier for each in recognize_number(number)]


@pytest.mark.parametrize(
    ("number", "carrier"),
    [
        ("RB123456785GB", "Post"),
        ("rb 1234 5678 5 gb", "Post"),
        ("1Z 999 AA1 01 2345 6784", "UPS"),
        ("9400 1112 0620 6406 2607 87", "USPS"),
        ("9611020987654312345672", "FedEx"),
        ("JJD0099999999", "DHL"),
        ("YT2229521272164446", "YunExpress"),
    ],
)
def test_a_number_names_its_carrier_and_where_to_follow_it(number, carrier):
    first = recognize_number(number)[0]
    assert first.carrier == carrier
    assert first.url.startswith("https://")


@pytest.mark.parametrize("number", ["", "hello", "RB123456786GB", "RB123456785XX", "1Z999AA10123456785", "４２"])
def test_a_wrong_check_digit_or_no_number_at_all_is_nobodys(number):
    assert carriers_of(number) == []


def test_a_number_that_two_carriers_could_have_is_of_the_one_whose_check_digit_fits_first():
    serial = next(f"{n:09}" for n in range(100_000_000, 100_001_000) if carriers_of(f"RX{n:09}DE")[:1] == ["Post"])
    assert carriers_of(f"RX{serial}DE") == ["Post", "DHL"]


@pytest.mark.parametrize("check", [fedex, gs1, luhn])
def test_every_check_digit_catches_a_single_wrong_digit_at_the_end(check):
    right = [digit for digit in "0123456789" if check("79053531231"[:11] + digit)]
    assert len(right) == 1


def definitions():
    for path in sorted(Path(DEFINITIONS).glob("*.json")):
        yield from json.loads(path.read_text())["tracking_numbers"]


@pytest.mark.skipif(not DEFINITIONS, reason="TRACKING_NUMBERS names no folder of definitions")
def test_every_number_of_the_communitys_definitions_is_told_right():
    for definition in definitions():
        valid, invalid = definition["test_numbers"]["valid"], definition["test_numbers"]["invalid"]
        ours = [{(each.carrier, each.form) for each in recognize_number(number)} for number in valid]
        of_this_kind = set.intersection(*ours)
        assert of_this_kind, definition["name"]
        wrong = {n for n in invalid for each in recognize_number(n) if {(each.carrier, each.form)} == of_this_kind}
        assert wrong == set(), definition["name"]
