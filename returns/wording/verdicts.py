"""Why something may come back, or may not, in the reader's language."""

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from babel.dates import format_date
from django.utils.translation import gettext

from oms.portal.zones import babel_locale
from returns.choices import FinalSale
from returns.policies.terms.judging import Verdict
from returns.wording.terms import FINAL_SALES

Facts = Mapping[str, Any]


def say_verdict(verdict: Verdict) -> str:
    """One sentence, with the day until which, or on which it ended."""
    return _SAYINGS[verdict.code](verdict.facts)


def say_date(day: date | str) -> str:
    """In full: Wednesday, 2 December 2026. A day that was stored as JSON is read again."""
    return format_date(date.fromisoformat(day) if isinstance(day, str) else day, "full", locale=babel_locale())


def _say_until(facts: Facts) -> str:
    return gettext("You can return it until the end of %(day)s.") % {"day": say_date(facts["last_day"])}


def _say_by_law(facts: Facts) -> str:
    if "last_day" not in facts:
        return gettext("You can withdraw: the time for it has not begun to run out.")
    return gettext("You can withdraw until the end of %(day)s.") % {"day": say_date(facts["last_day"])}


def _say_sealed(facts: Facts) -> str:
    if "last_day" not in facts:
        return gettext("For reasons of hygiene it comes back only with its seal unbroken.")
    return gettext("For reasons of hygiene it comes back only with its seal unbroken, until the end of %(day)s.") % {
        "day": say_date(facts["last_day"])
    }


_SAYINGS: Mapping[str, Callable[[Facts], str]] = {
    "in_window": _say_until,
    "by_law": _say_by_law,
    "sealed_only": _say_sealed,
    "before_delivery": lambda facts: gettext("It is on its way to you. You need not wait for it to withdraw."),
    "window_closed": lambda facts: (
        gettext("The time to return it ended on %(day)s.") % {"day": say_date(facts["last_day"])}
    ),
    "final_sale": lambda facts: str(FINAL_SALES[FinalSale(facts["reason"])]),
    "no_returns": lambda facts: gettext("This cannot be returned."),
    "not_delivered": lambda facts: gettext("It is on its way to you. You can return it from delivery on."),
    "not_sent": lambda facts: gettext("It has not been sent yet."),
    "none_left": lambda facts: gettext("All of it has been returned already."),
    "no_goods": lambda facts: gettext("There is nothing to send back."),
}
