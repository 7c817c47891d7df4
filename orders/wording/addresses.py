"""Addresses on pages: shown as their country writes them, asked for by its own parts, with errors beside the part."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.http import QueryDict
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from oms.countries import COUNTRIES
from oms.errors import FieldError
from oms.portal.zones import babel_locale
from orders.models import Address
from orders.policies.address_labels import label_lines
from orders.policies.addresses import LENGTHS, AddressField, address_fields

LABELS: Mapping[str, Promise] = {
    "name": _("Full name"),
    "company": _("Company"),
    "street": _("Street and house number"),
    "line1": _("Street and house number"),
    "second_line": _("Apartment, floor, entrance"),
    "line2": _("Apartment, floor, entrance"),
    "city": _("Town or city"),
    "post_town": _("Town or city"),
    "district": _("District"),
    "suburb": _("Suburb"),
    "postal": _("Postal code"),
    "postal_code": _("Postal code"),
    "zip": _("ZIP code"),
    "pin": _("PIN code"),
    "eircode": _("Eircode"),
    "province": _("Province or region"),
    "state": _("State"),
    "county": _("County"),
    "prefecture": _("Prefecture"),
    "emirate": _("Emirate"),
    "area": _("Area"),
    "department": _("Department"),
    "do_si": _("Province or city"),  # Google's word for the first level of Korea, province (do) or city (si)
    "island": _("Island"),
    "oblast": _("Region"),
    "parish": _("Parish"),
    "phone": _("Phone number"),
}
COMPLETES: Mapping[str, str] = {
    "name": "shipping name",
    "company": "shipping organization",
    "line1": "shipping address-line1",
    "line2": "shipping address-line2",
    "city": "shipping address-level2",
    "province": "shipping address-level1",
    "postal_code": "shipping postal-code",
    "phone": "shipping tel",
}
"""What a browser may fill in by itself (WCAG 1.3.5)."""

ERRORS: Mapping[str, Promise] = {
    "country_unknown": _("Choose a country from the list."),
    "required": _("Please fill this in; parcels need it there."),
    "too_long": _("This is too long for a label."),
    "characters": _("There is a character in it that cannot be printed. Please type it anew."),
    "not_a_choice": _("Choose one from the list."),
    "postal_code_elsewhere": _("This postal code does not belong to the state or province above."),
    "phone_impossible": _("This cannot be a phone number. Write it with its area code, or leave it out."),
}


@dataclass(frozen=True, slots=True)
class AskedPart:
    """One field of the form."""

    name: str
    label: str
    value: str
    required: bool
    complete: str
    most: int
    choices: Sequence[tuple[str, str]]
    error: str
    narrow: bool


def label_of(field: AddressField) -> str:
    """What people of its country call the part, in the reader's language."""
    return str(LABELS.get(field.kind) or LABELS[field.part])


def ask_parts(country: str, values: Mapping[str, str], errors: Sequence[FieldError] = ()) -> list[AskedPart]:
    """The parts that this country's addresses have, with what was typed and what is wrong with it."""
    wrong = {error.pointer.rsplit("/", 1)[-1]: error for error in errors}
    return [
        AskedPart(
            name=field.part,
            label=label_of(field),
            value=_match(values.get(field.part, ""), field),
            required=field.required,
            complete=COMPLETES[field.part],
            most=LENGTHS[field.part],
            choices=_sort_choices(field),
            error=say_error(wrong[field.part], field.example) if field.part in wrong else "",
            narrow=field.part in ("postal_code", "province", "city"),
        )
        for field in address_fields(country)
    ]


def say_error(error: FieldError, example: str = "") -> str:
    if error.code == "postal_code_form":
        if example:
            return gettext("That is not a postal code there. They look like %(example)s.") % {"example": example}
        return gettext("That is not a postal code there.")
    return str(ERRORS.get(error.code) or gettext("Please check this part."))


def list_countries() -> list[tuple[str, str]]:
    """Every country in the reader's language, in its alphabet."""
    names = babel_locale().territories
    return sorted(((code, names.get(code, code)) for code in COUNTRIES), key=lambda pair: pair[1].casefold())


def name_country(code: str) -> str:
    return babel_locale().territories.get(code, code)


def read_typed(posted: QueryDict) -> dict[str, str]:
    """What was typed; nothing of it is trusted yet."""
    typed = {part: posted.get(part, "").replace("\r", " ").replace("\n", " ").strip() for part in LENGTHS}
    return typed | {"country": posted.get("country", "").strip().upper()[:2]}


def as_typed(address: Address | None) -> dict[str, str]:
    """A stored address, ready for the form."""
    if address is None:
        return {}
    return {part: getattr(address, part) for part in (*LENGTHS, "country")}


def address_lines(address: Address | Mapping[str, str] | None) -> list[str]:
    """As it stands on a label; the country in the reader's language."""
    if address is None:
        return []
    parts = address if isinstance(address, Mapping) else as_typed(address)
    return [*label_lines(parts), *filter(None, [name_country(parts.get("country") or "")])]


def _match(value: str, field: AddressField) -> str:
    """The choice that was meant, where the country has a list: "California" is CA."""
    low = value.strip().casefold()
    return next((key for key, name in field.choices if low in (key.casefold(), name.casefold())), value)


def _sort_choices(field: AddressField) -> list[tuple[str, str]]:
    """In the script of the reader where both are known: 广东省 in Chinese, Guangdong Sheng elsewhere."""
    local = babel_locale().language in ("zh", "ja", "ko", "ar")
    shown = [(key, key if local and not key.isascii() else name) for key, name in field.choices]
    return sorted(shown, key=lambda pair: pair[1].casefold())
