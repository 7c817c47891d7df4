"""Whose tracking number is this? Told by its form and its check digit, as each carrier defines them."""

import re
from dataclasses import dataclass

from orders.policies.shipping import check_digits
from orders.policies.shipping.check_digits import Check, gs1, modulo_ten


@dataclass(frozen=True, slots=True)
class Recognized:
    """`carrier` is its name as people know it, `form` which of its kinds of number it is. `checked`: by a check digit;
    else only the form fits, which other carriers' numbers may do as well.
    """

    carrier: str
    form: str
    url: str
    checked: bool


@dataclass(frozen=True, slots=True)
class _Form:
    """`pattern` names with `n` what the check digit was reckoned of; without that, the whole number."""

    carrier: str
    name: str
    pattern: re.Pattern[str]
    check: Check | None


def recognize_number(text: str) -> list[Recognized]:
    """All whose number it may be, those with a right check digit first. Blanks and hyphens do not matter."""
    number = re.sub(r"[\s-]+", "", text).upper()
    found = sorted((form for form in _FORMS if _is_of(form, number)), key=lambda form: form.check is None)
    return [
        Recognized(form.carrier, form.name, track_at(form.carrier, number), form.check is not None) for form in found
    ]


def track_at(carrier: str, number: str) -> str:
    """The carrier's own page about this parcel; empty where we know none."""
    return _PAGES.get(carrier, "").format(number)


def _is_of(form: _Form, number: str) -> bool:
    found = form.pattern.fullmatch(number)
    if found is None or form.check is None:
        return found is not None
    return form.check(found.groupdict().get("n") or number)


def _form(carrier: str, name: str, pattern: str, check: Check | None = None) -> _Form:
    return _Form(carrier, name, re.compile(pattern, re.ASCII), check)


# A mailer that begins with 9 has nine digits, any other six; the package fills the number up to 22, 26 or 30 digits.
_MAILER = r"(?:9\d{8}(?:\d{7}|\d{11}|\d{15})|[0-8]\d{5}(?:\d{10}|\d{14}))\d"
_SHORT_MAILER = r"(?:9\d{8}(?:\d{7}|\d{11})|[0-8]\d{5}(?:\d{10}|\d{14}))\d"
_TO_ZIP = r"(?:420\d{5}(?:\d{4}(?=\d{22}$))?)?"

_FORMS = (
    _form("Post", "UPU S10", r"[A-Z]{2}\d{9}[A-Z]{2}", check_digits.s10),
    _form("UPS", "1Z", r"1Z(?P<n>[A-Z0-9]{15}\d)", modulo_ten(1, 2)),
    _form("UPS", "waybill", r"[AHJKTV](?P<n>\d{10})", modulo_ten(1, 2)),
    _form("USPS", "20 digits", r"\d{20}", gs1),
    _form("USPS", "IMpb with serial", rf"{_TO_ZIP}(?P<n>94\d{{3}}{_MAILER})", gs1),
    _form(
        "USPS",
        "IMpb",
        rf"{_TO_ZIP}(?P<n>(?:92\d{{3}}(?=9)|93\d{{3}}(?=[0-8])|95\d{{3}}){_SHORT_MAILER})",
        gs1,
    ),
    _form("USPS", "legacy", r"(?:420\d{5}(?:\d{4})?)?(?P<n>91\d{20}|\d{20})", check_digits.usps_legacy),
    _form("FedEx", "12 digits", r"\d{12}", check_digits.fedex),
    _form("FedEx", "34 digits", r"[0-8]\d{19}(?P<n>\d{14})", check_digits.fedex),
    _form("FedEx", "ASTRA", r"3\d{15}(?P<n>\d{12})\d{4}", check_digits.fedex),
    _form("FedEx", "Ground", r"\d{15}", gs1),
    _form("FedEx", "Ground SSCC-18", r"0[0124]\d{16}", gs1),
    _form("FedEx", "Ground 96", r"96\d{5}(?P<n>\d{15})", gs1),
    _form("FedEx", "Ground GSN", r"96\d{18}(?P<n>\d{14})", check_digits.fedex),
    _form("DHL", "Express", r"\d{10,11}", check_digits.modulo_seven),
    _form("DHL", "Express piece", r"J[A-Z]{2,3}\d{9,10}"),
    _form("DHL", "eCommerce", r"(?:GM|LX|RX|UV|CN|SG|TH|IN|HK|MY)\d[0-9A-Z]{9,38}"),
    _form("DHL", "eCommerce 14 digits", r"\d{14}"),
    _form("Canada Post", "16 digits", r"\d{16}", gs1),
    _form("Purolator", "12 digits", r"[0-5]\d{11}", check_digits.luhn),
    _form("Purolator", "3 letters", r"[A-Z]{3}\d{9}"),
    _form("OnTrac", "C", r"C\d{14}", modulo_ten(2, 1)),
    _form("OnTrac", "D", r"D\d{14}", modulo_ten(2, 1)),
    _form("YunExpress", "YT", r"YT\d{16}"),
)

_PAGES = {
    "Post": "https://www.17track.net/en/track?nums={}",
    "UPS": "https://www.ups.com/track?tracknum={}",
    "USPS": "https://tools.usps.com/go/TrackConfirmAction?tLabels={}",
    "FedEx": "https://www.fedex.com/fedextrack/?trknbr={}",
    "DHL": "https://www.dhl.com/global-en/home/tracking.html?tracking-id={}",
    "Canada Post": "https://www.canadapost-postescanada.ca/track-reperage/en#/search?searchFor={}",
    "Purolator": "https://www.purolator.com/en/shipping/tracker?pin={}",
    "OnTrac": "https://www.ontrac.com/tracking/?number={}",
    "YunExpress": "https://www.yuntrack.com/parcelTracking?id={}",
}
