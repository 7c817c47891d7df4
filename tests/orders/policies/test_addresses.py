"""Addresses by the rules of their own country."""

import pytest

from orders.policies.addresses import address_fields, check_address, check_contact, tidy_address

GOOD = {
    "DE": {"line1": "Torstr. 1", "city": "Berlin", "postal_code": "10119"},
    "US": {"line1": "1 Main St", "city": "Los Angeles", "province": "CA", "postal_code": "90001-1234"},
    "GB": {"line1": "1 Old Street", "city": "London", "postal_code": "ec1y 8sy"},
    "FR": {"line1": "1 rue de Rivoli", "city": "Paris", "postal_code": "75001"},
    "CN": {"line1": "南京东路 1 号", "city": "上海市", "province": "上海市", "postal_code": "200001"},
    "JP": {"line1": "千代田区丸の内 1-1", "province": "東京都", "postal_code": "100-0005"},
    "HK": {"line1": "1 Nathan Road", "province": "Kowloon"},
    "AE": {"line1": "1 Sheikh Zayed Road", "province": "Dubai"},
    "IE": {"line1": "1 O'Connell Street", "city": "Dublin"},
    "BR": {"line1": "Av. Paulista 1", "city": "São Paulo", "province": "SP", "postal_code": "01310-100"},
    "SG": {"line1": "1 Orchard Road", "postal_code": "238801"},
}


def address(country: str = "DE", **changes: str) -> dict[str, str]:
    return {"name": "Ada Meier", "country": country} | GOOD[country] | changes


def wrong(given: dict[str, str]) -> dict[str, str]:
    return {error.pointer: error.code for error in check_address(given)}


@pytest.mark.parametrize("country", GOOD)
def test_an_address_as_people_there_write_it_is_right(country):
    assert wrong(address(country)) == {}


@pytest.mark.parametrize(
    ("country", "change", "code"),
    [
        ("DE", {"postal_code": "1011"}, "postal_code_form"),
        ("DE", {"postal_code": ""}, "required"),
        ("DE", {"line1": " . "}, "required"),
        ("DE", {"city": ""}, "required"),
        ("DE", {"name": ""}, "required"),
        ("US", {"province": ""}, "required"),
        ("US", {"province": "Bavaria"}, "not_a_choice"),
        ("US", {"postal_code": "10001"}, "postal_code_elsewhere"),
        ("GB", {"postal_code": "12345"}, "postal_code_form"),
        ("CN", {"province": ""}, "required"),
        ("JP", {"postal_code": "1000"}, "postal_code_form"),
        ("DE", {"phone": "call me"}, "phone_impossible"),
        ("DE", {"company": "x" * 201}, "too_long"),
        ("DE", {"line2": "a\u202eb"}, "characters"),
        ("DE", {"line2": "a\x00b"}, "characters"),
        ("DE", {"line2": "a\nb"}, "characters"),
    ],
)
def test_what_is_wrong_is_named_beside_its_part(country, change, code):
    (part,) = change
    assert wrong(address(country, **change)) == {f"/{part}": code}


@pytest.mark.parametrize("country", ["", "XX", "de", "Germany"])
def test_a_country_that_is_none_is_all_that_is_told(country):
    assert wrong(address(country="DE") | {"country": country, "line1": ""}) == {"/country": "country_unknown"}


def test_pointers_can_stand_below_another_place():
    (error,) = check_address(address(city=""), pointer="/operations/0/address")
    assert error.pointer == "/operations/0/address/city"


@pytest.mark.parametrize("phone", ["+49 30 901820", "030 901820", "+1 213 555 0100", ""])
def test_a_phone_number_may_be_local_or_from_anywhere(phone):
    assert wrong(address(phone=phone)) == {}


def test_each_country_is_asked_for_its_own_parts():
    parts = {c: [field.part for field in address_fields(c)] for c in ("DE", "US", "HK")}
    assert "province" not in parts["DE"]
    assert "province" in parts["US"]
    assert "postal_code" not in parts["HK"]
    assert all(order[0] == "name" and order[-1] == "phone" for order in parts.values())


def test_each_country_s_words_and_lists_are_known():
    state = next(field for field in address_fields("US") if field.part == "province")
    assert (state.kind, state.required) == ("state", True)
    assert ("CA", "California") in state.choices


def test_a_country_without_rules_gets_every_part():
    assert {"line1", "city", "province", "postal_code"} <= {field.part for field in address_fields("XX")}


def test_an_address_is_tidied_without_changing_what_it_says():
    untidy = address("GB", postal_code=" ec1y  8sy ", line1="  1   Old Street ")
    assert tidy_address(untidy)["postal_code"] == "EC1Y 8SY"
    assert tidy_address(untidy)["line1"] == "1 Old Street"
    assert tidy_address(address("US", province="california"))["province"] == "CA"
    assert tidy_address(address("AE"))["province"] == "Dubai"


@pytest.mark.parametrize(
    "email", ["ada@example.com", "a.b+tag@sub.example.co.uk", "用户@例子.公司", "o'hara@example.ie"]
)
def test_mailboxes_of_every_kind_are_taken(email):
    assert check_contact({"email": email, "phone": "+49 30 901820"}, "DE") == []


@pytest.mark.parametrize(
    "email",
    [
        "ada",
        "ada@localhost",
        "<script>@example.com",
        "a@b.c\r\nBcc: x@y.de",
        "a@ex\u202eample.com",
        "a" * 250 + "@b.de",
    ],
)
def test_what_means_something_in_a_header_or_a_page_is_no_mailbox(email):
    assert [error.pointer for error in check_contact({"email": email}, "DE")] == ["/email"]


@pytest.mark.parametrize("phone", ["abc", "1", "\u202e+49 30 901820", "+49 30\x07 901820", "0" * 60])
def test_what_nobody_can_dial_is_no_phone_number(phone):
    assert [error.pointer for error in check_contact({"phone": phone}, "DE", pointer="/x")] == ["/x/phone"]
