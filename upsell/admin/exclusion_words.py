"""Why something is not offered, in sentences that staff understand."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.utils import timezone
from django.utils.dateformat import format as format_date

from upsell.choices import Exclusion, Unoffered

UNOFFERED = {
    Unoffered.HOLDOUT: "Held out: it is compared with, and sees nothing.",
    Unoffered.NOT_RUNNING: "The campaign had not begun, or was over.",
    Unoffered.OTHER_AUDIENCE: "The campaign is for other orders.",
    Unoffered.OTHER_PLACEMENT: "The campaign is not shown there.",
    Unoffered.WINDOW_CLOSED: "The order cannot be edited any more.",
    Unoffered.ENOUGH_ACCEPTED: "It has as many offers as it may.",
    Unoffered.SHOWN_TOO_OFTEN: "This customer saw the campaign often enough lately.",
    Unoffered.ALL_REFUSED: "The customer wants no offers.",
    Unoffered.NOTHING_LEFT: "Nothing was left to offer.",
}
_EXCLUDED = {
    Exclusion.IN_ORDER: "is in the order",
    Exclusion.NOT_SOLD: "is not sold any more",
    Exclusion.NO_PRICE: "has no price in the order's currency",
    Exclusion.OUT_OF_STOCK: "is out of stock",
    Exclusion.BELOW_STOCK_FLOOR: "would leave too few on the shelf",
    Exclusion.BELOW_MARGIN_FLOOR: "would bring too little margin",
    Exclusion.FINAL_SALE: "is on final sale",
    Exclusion.NOT_A_PRODUCT: "is no product",
    Exclusion.RETURNED_BEFORE: "was sent back by this customer before",
    Exclusion.KIND_REFUSED: "is of a kind that this customer does not want",
    Exclusion.DISMISSED: "was dismissed by this customer",
    Exclusion.IGNORED: "was seen often enough without a word",
}

_FACTS = {
    "sku": "as {}",
    "currency": "{}",
    "left": "{} left",
    "floor": "{} at least",
    "because": "{}",
    "times": "{} at most",
}
_DATES = {"at": "on {}", "bought_at": "bought on {}"}


def say_unoffered(reason: str) -> str:
    return UNOFFERED.get(Unoffered(reason), reason) if reason in list(Unoffered) else reason


def say_excluded(reason: str, facts: Mapping[str, Any]) -> str:
    """What it is, with the facts that are known of it: "would leave too few on the shelf (2 left, 3 at least)"."""
    said = _EXCLUDED[Exclusion(reason)] if reason in list(Exclusion) else reason
    told = ", ".join(_say_fact(name, value) for name, value in facts.items() if value not in (None, ""))
    return f"{said} ({told})" if told else said


def _say_fact(name: str, value: Any) -> str:
    if name in _DATES:
        return _DATES[name].format(format_date(timezone.localtime(datetime.fromisoformat(value)), "j M Y"))
    known = str(value).replace("_", " ").lower() if name == "because" else value
    return _FACTS.get(name, name.replace("_", " ") + " {}").format(known)


def say_because(because: Mapping[str, Any]) -> str:
    """Why it was chosen, and why in this size: "bought with Linen tee, in size M as in the order"."""
    code = str(because.get("code", ""))
    about = because.get("title") or because.get("sku") or ""
    said = {
        "bought_with": "bought with",
        "same_kind": "of the same kind:",
        "popular": "sells well",
        "fills": "fills the gap to free shipping",
        "bundle": "the bundle",
        "listed": "on the campaign's list",
    }.get(code, code.replace("_", " "))
    known_from = {"order": "as in the order", "kept": "as they kept before"}.get(str(because.get("known_from")), "")
    return f"{said} {about}".strip() + (f", in size {because.get('size')} {known_from}" if known_from else "")
