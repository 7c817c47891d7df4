"""What the return pages say when something is refused: each code a sentence, in the reader's language."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.utils.dateparse import parse_date
from django.utils.translation import gettext

from oms.portal.pages import Sayings
from returns.policies.photos import MOST_BYTES, MOST_PIXELS
from returns.wording.words import explain_verdict

Facts = Mapping[str, Any]


def _say_photo(facts: Facts) -> str:
    return {
        "too_big": gettext("This photo is too large: %(most)s MB at most.") % {"most": MOST_BYTES // 2**20},
        "not_a_picture": gettext("This file is not a picture."),
        "kind_unknown": gettext("We cannot read pictures of this kind. Send a JPEG, PNG or WebP."),
        "too_many_pixels": gettext("This photo has too many pixels: %(most)s million at most.")
        % {"most": MOST_PIXELS["JPEG"] // 1_000_000},
        "too_small": gettext("This picture is too small to see anything on it."),
        "broken": gettext("This picture cannot be read; it may be damaged. Take another one."),
        "too_many": gettext("There are as many photos as we can keep. Take one away first."),
    }.get(str(facts.get("why")), gettext("This picture cannot be taken."))


def _say_not_returnable(facts: Facts) -> str:
    said = [explain_verdict(str(line.get("code")), _read_day(line.get("ended_on"))) for line in facts.get("lines", ())]
    return " ".join([*dict.fromkeys(said), gettext("Nothing was sent.")])


def _read_day(said: object) -> date | None:
    return said if isinstance(said, date) or said is None else parse_date(str(said))


def _say_invalid(facts: Facts) -> str:
    """The faults that a page cannot have let through, unless something changed meanwhile."""
    codes = facts.get("codes", ())
    if "stock_short" in codes or "unknown_sku" in codes:
        return gettext("What you want instead has just been sold. Choose something else.")
    if "photo_missing" in codes:
        return gettext("A photo is missing. Go back to the items and add one.")
    if "not_offered" in codes:
        return gettext("This is not offered for these items together. Choose something else.")
    return gettext("Something on this page does not fit any more. Please look again.")


SAYINGS: Sayings = {
    "photo_refused": _say_photo,
    "photo_not_found": lambda facts: gettext("This photo is gone already."),
    "not_returnable": _say_not_returnable,
    "quantity_not_returnable": lambda facts: gettext(
        "Some of this is part of another return already. Nothing was sent; please choose again."
    ),
    "return_ended": lambda facts: gettext("This return has ended already."),
    "return_not_open": lambda facts: gettext("This return is not open yet."),
    "return_underway": lambda facts: gettext("The parcel is on its way already; it cannot be canceled any more."),
    "return_not_found": lambda facts: gettext("There is no such return."),
    "tracking_number_unknown": lambda facts: gettext("This does not look like a tracking number."),
    "invalid": _say_invalid,
}
