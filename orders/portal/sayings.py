"""What the portal says when something is refused: each code a sentence, in the reader's language."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext, ngettext

from inventory.models import Variant
from oms.portal.pages import Sayings
from oms.templatetags.portal import say_amount
from orders.wording.windows import say_ended
from orders.wording.words import say_options

Facts = Mapping[str, Any]


def _say_too_many_codes(facts: Facts) -> str:
    minutes = facts.get("minutes", 60)
    return ngettext(
        "Too many codes were asked for. Please wait %(minutes)s minute and try again; a code that has arrived"
        " already may still work.",
        "Too many codes were asked for. Please wait %(minutes)s minutes and try again; a code that has arrived"
        " already may still work.",
        minutes,
    ) % {"minutes": minutes}


def _say_code_wrong(facts: Facts) -> str:
    left = facts.get("left", 0)
    return ngettext(
        "That is not the code we mailed. You have %(left)s try left.",
        "That is not the code we mailed. You have %(left)s tries left.",
        left,
    ) % {"left": left}


def _say_window_closed(facts: Facts) -> str:
    if facts.get("because") == "staff_only":
        return gettext("Changes to this order are made by our team. Write to us, and we will do what we can.")
    if facts.get("because") == "low_stock":
        titles = _titles(facts.get("skus") or ())
        return say_ended({"code": "low_stock", "skus": list(titles)}, titles)
    return gettext("The time for changes is over, and your order is being prepared. Nothing has changed.")


def _say_short(facts: Facts) -> str:
    named = gettext(", ").join(_titles([short["sku"] for short in facts.get("skus") or ()]).values())
    return gettext("Just sold: %(items)s. Nothing has changed; please choose something else.") % {"items": named}


def _say_edit_open(facts: Facts) -> str:
    if facts.get("state") == "AWAITING_PAYMENT":
        return gettext("Another change of yours waits for its payment. Pay it or take it back first.")
    return gettext("Another change is with us. Wait for our answer or take it back first.")


def say_idle() -> str:
    """All that was collected is done already, here or elsewhere."""
    return gettext("Your order is like this already; there is nothing to change.")


def _say_invalid(facts: Facts) -> str:
    """What is wrong with all changes together; the fault of a single one is said beside it."""
    if "nothing_left" in facts.get("codes", ()):
        return gettext("Nothing would be left to send. You can cancel the whole order instead.")
    if "nothing_changes" in facts.get("codes", ()):
        return say_idle()
    return gettext("It cannot be done like this. Nothing has changed.")


def _titles(skus: Sequence[str]) -> dict[str, str]:
    """As a customer knows them."""
    found = Variant.objects.of_skus(list(skus)).select_related("product")
    return {each.sku: f"{each.product.title} {say_options(each.options)}".strip() for each in found}


def _say_uncollectable(facts: Facts) -> str:
    currency = facts.get("currency", "")
    due, smallest = (Decimal(facts.get(name, "0")) for name in ("to_pay", "smallest"))
    amounts = {"due": say_amount(due, currency), "least": say_amount(smallest, currency)}
    if due < smallest:
        return (
            gettext(
                "This would cost %(due)s more, and less than %(least)s cannot be paid online. Choose something that"
                " costs a little more or nothing more, or write to us and we make this change for you."
            )
            % amounts
        )
    return (
        gettext(
            "This would cost %(due)s more, and exactly that much cannot be paid online. Choose something else, or"
            " write to us and we make this change for you."
        )
        % amounts
    )


SAYINGS: Sayings = {
    "too_many_codes": _say_too_many_codes,
    "code_wrong": _say_code_wrong,
    "code_locked": lambda facts: gettext(
        "This code was tried five times and is locked now. Ask for a new code, or write to us."
    ),
    "code_outdated": lambda facts: gettext("This code is too old or was used already. Ask for a new one."),
    "stock_short": _say_short,
    "version_stale": lambda facts: gettext("Your order has changed since you opened this page. Please look again."),
    "order_cancelled": lambda facts: gettext("This order was cancelled; it cannot be changed any more."),
    "order_closed": lambda facts: gettext("This order is complete; it cannot be changed any more."),
    "order_released": lambda facts: gettext("Your order is with the warehouse already. Nothing has changed."),
    "order_partly_shipped": lambda facts: gettext(
        "Part of your order is on its way already. You can still take away what has not been sent."
    ),
    "edit_window_closed": _say_window_closed,
    "edit_not_allowed": lambda facts: gettext(
        "This cannot be changed online. Write to us, and we will do what we can."
    ),
    "edit_open": _say_edit_open,
    "amount_not_collectable": _say_uncollectable,
    "edit_ended": lambda facts: gettext("This change is done or given up already."),
    "invalid": _say_invalid,
}
