"""How offers are put to customers: why this, what it saves, and the campaign's own words."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django.utils.translation import get_language, gettext

from oms.templatetags.portal import say_amount


def say_because(because: Mapping[str, Any]) -> str:
    """Why it was chosen, and why in this size; "" where that is nothing to tell a customer."""
    return " · ".join(filter(None, [_say_choice(because), _say_size(because)]))


def _say_size(because: Mapping[str, Any]) -> str:
    said = {"size": because.get("size", "")}
    match because.get("known_from"):
        case "order":
            return gettext("In size %(size)s, as in your order") % said
        case "kept":
            return gettext("In size %(size)s, as you kept before") % said
        case _:
            return ""


def _say_choice(because: Mapping[str, Any]) -> str:
    title = str(because.get("title", ""))
    match because.get("code"):
        case "bought_with" if title:
            return gettext("Often bought with %(item)s") % {"item": title}
        case "bought_before":
            return gettext("You bought this before")
        case "same_kind" if title:
            return gettext("Matches what you ordered: %(kind)s") % {"kind": title}
        case "fills":
            return gettext("With it, shipping is free")
        case _:
            return ""


def say_words(words: Mapping[str, str], *, default: str) -> str:
    """What the merchant wrote in the reader's language, else in English, else the usual words."""
    language = (get_language() or "en").lower()
    return words.get(language) or words.get(language.split("-")[0]) or words.get("en") or default


def say_gap(missing: Decimal, currency: str) -> str:
    """What is left to free shipping; once nothing is, that it is reached."""
    if missing <= 0:
        return gettext("Shipping is free.")
    return gettext("%(amount)s to free shipping") % {"amount": say_amount(missing, currency)}
