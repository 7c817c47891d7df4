"""Addresses as they stand on labels."""

import pytest

from orders.policies.address_labels import label_lines
from tests.orders.policies.test_addresses import GOOD


@pytest.mark.parametrize(
    ("country", "place"),
    [
        ("DE", ["10119 Berlin"]),
        ("US", ["Los Angeles, CA 90001-1234"]),
        ("GB", ["London", "ec1y 8sy"]),
        ("BR", ["São Paulo-SP", "01310-100"]),
        ("HK", ["Kowloon"]),
    ],
)
def test_a_label_is_written_as_its_country_does(country, place):
    address = GOOD[country] | {"country": country, "name": "Ada"}
    assert label_lines(address) == ["Ada", address["line1"], *place]


def test_an_address_in_the_letters_of_its_country_begins_with_the_place():
    address = GOOD["CN"] | {"country": "CN", "name": "李雷"}
    assert label_lines(address) == ["200001", "上海市上海市", "南京东路 1 号", "李雷"]


@pytest.mark.parametrize(
    "address",
    [
        {"country": "DE", "line1": "Torstr. 1", "line2": "3. OG", "city": "Berlin", "province": "Berlin"},
        {"country": "SE", "line1": "Vasagatan 1", "city": "Stockholm"},
        {"country": "XX", "line1": "Somewhere", "province": "North"},
        {},
    ],
)
def test_a_label_shows_every_part_that_there_is_and_nothing_else(address):
    shown = " ".join(label_lines(address))
    assert sorted(shown.split()) == sorted(" ".join(v for k, v in address.items() if k != "country").split())
