"""The rows of the permission table as people say them, and limits as people write them: 200 EUR, 220 USD."""

import re
from collections.abc import Mapping
from decimal import Decimal

from oms.currencies import MINOR_UNITS
from oms.money import fits_minor_unit
from orders.policies.edits.permissions import Permission

WHO = {"ANY": "Anybody", "CUSTOMER": "A customer", "STAFF": "Staff", "API": "A partner", "BOT": "A bot"}
DEEDS = {
    "ANY": "change anything",
    "change_address": "change the address",
    "change_contact": "change the contact",
    "swap_variant": "swap a variant",
    "set_quantity": "change a quantity",
    "add_item": "add an item",
    "cancel_line": "take a line away",
    "change_shipping": "change the shipping method",
    "set_unit_price": "set a price",
    "cancel_order": "cancel the whole order",
}
WHEN = {
    "ANY": "at any time",
    "WINDOW_OPEN": "inside the edit window",
    "HELD": "after the window, while the order is held",
    "RELEASED": "after release, before a warehouse accepts",
}
WHERE = {None: "", True: ", if it goes to another country", False: ", if it stays in its country"}
NOTHING = "nothing"
_COMMON = ("EUR", "USD", "GBP", "CNY")

Limits = Mapping[str, Decimal]


def say_permission(row: Permission) -> str:
    """ "A customer may swap a variant inside the edit window, up to 200 EUR more." """
    deed = f"{DEEDS.get(row.operation, row.operation)} {WHEN.get(row.stage, row.stage)}"
    terms = f"{WHERE[row.to_another_country]}{_say_terms(row.limits)}"
    who = WHO.get(row.actor, row.actor)
    if row.verdict == "REFUSE":
        return f"{who} may not {deed}{terms}."
    if row.verdict == "APPROVE":
        return f"{who} may ask to {deed}{terms}; staff must approve."
    return f"{who} may {deed}{terms}."


def _say_terms(limits: Limits | None) -> str:
    if limits is None:
        return ""
    if not limits:
        return ", if it costs nothing more"
    first, *others = _list_amounts(limits)
    more = f" ({len(others)} other currencies likewise)" if len(others) > 2 else "".join(f" or {o}" for o in others)
    return f", up to {first}{more} more"


def say_limits(limits: Limits | None) -> str:
    """As it is written in a form: "" is any amount, "nothing" no rise at all."""
    if limits is None:
        return ""
    return ", ".join(_list_amounts(limits)) or NOTHING


def _list_amounts(limits: Limits) -> list[str]:
    """The best known currencies first: what is stored has no order of its own."""
    known = sorted(limits, key=lambda code: (_COMMON.index(code) if code in _COMMON else len(_COMMON), code))
    return [f"{_plain(limits[currency])} {currency}" for currency in known]


def read_limits(text: str) -> dict[str, str] | None:
    """What `say_limits` writes, as it is stored; None where nothing limits.

    Raises:
        ValueError: with a sentence about the part that is wrong.
    """
    if not text.strip():
        return None
    if text.strip().lower() == NOTHING:
        return {}
    limits: dict[str, str] = {}
    for part in filter(None, (piece.strip() for piece in re.split(r"[,;\n]", text))):
        amount, currency = _read_amount(part)
        if currency in limits:
            raise ValueError(f"{currency} stands there twice.")
        limits[currency] = amount
    return limits


def _read_amount(part: str) -> tuple[str, str]:
    found = re.fullmatch(r"([0-9]{1,12}(?:\.[0-9]{1,4})?)\s*([A-Za-z]{3})", part)
    if found is None:
        raise ValueError(f"“{part}” is not an amount with its currency, like 200 EUR.")
    amount, currency = Decimal(found[1]), found[2].upper()
    if currency not in MINOR_UNITS:
        raise ValueError(f"{currency} is not an ISO 4217 currency code.")
    if not fits_minor_unit(amount, currency):
        raise ValueError(f"{part}: {currency} does not know so many decimals.")
    return _plain(amount), currency


def _plain(amount: Decimal) -> str:
    """200 as 200 and 49.50 as 49.50."""
    whole = amount.to_integral_value()
    return f"{whole:f}" if whole == amount else f"{amount:f}"
