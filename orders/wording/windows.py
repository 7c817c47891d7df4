"""The edit window as its owner sees it: open until when, or closed and why, and what can be done instead."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal

from django.utils.translation import gettext

from oms.templatetags.portal import say_span
from orders.models import Hold, Order

State = Literal["OPEN", "NOT_YOURS", "CLOSED"]
Facts = Mapping[str, Any]
Titles = Mapping[str, str]
"""SKU to the title that the customer knows it by."""


@dataclass(frozen=True, slots=True)
class ShownWindow:
    """`left`: per cent of its time that is left. `why`: the rule, or what ended it before its time."""

    state: State
    why: str
    until: datetime | None = None
    opened_at: datetime | None = None
    closed_at: datetime | None = None
    left: int = 0
    early: bool = False

    @property
    def is_open(self) -> bool:
        return self.state == "OPEN"


def show_window(order: Order, holds: Sequence[Hold], titles: Titles, *, at: datetime) -> ShownWindow:
    """`holds`: all of the order, closed ones included."""
    window = find_window(holds)
    if window is None:
        return ShownWindow("CLOSED", gettext("There is no time for changes with this order."))
    if window.closed_at or (window.until and window.until <= at) or order.status in ("CANCELLED", "CLOSED"):
        return _show_closed(window, titles)
    if window.staff_only or order.self_service == "CONTROL":
        why = gettext("Changes to this order are made by our team. Write to us, and we will do what we can.")
        return ShownWindow("NOT_YOURS", why, window.until, window.opened_at)
    return ShownWindow("OPEN", _say_rule(window.facts), window.until, window.opened_at, left=_share_left(window, at))


def find_window(holds: Iterable[Hold]) -> Hold | None:
    """The edit window among them, the newest if there were several."""
    windows = [hold for hold in holds if hold.reason == Hold.Reason.EDIT_WINDOW]
    return max(windows, key=lambda hold: hold.pk, default=None)


def _share_left(window: Hold, at: datetime) -> int:
    if window.until is None or window.until <= window.opened_at:
        return 100
    return max(0, min(100, round(100 * (window.until - at) / (window.until - window.opened_at))))


def _show_closed(window: Hold, titles: Titles) -> ShownWindow:
    ended_at = min(filter(None, (window.closed_at, window.until)), default=window.opened_at)
    code = str(window.closed_because.get("code", ""))
    if code == "no_window":
        return ShownWindow("CLOSED", _say_never(window.facts, titles), opened_at=window.opened_at)
    why = say_ended(window.closed_because, titles, at_once=was_never_open(window)) if code in _ENDS else ""
    return ShownWindow("CLOSED", why, window.until, window.opened_at, ended_at, early=code in _ENDS)


def _say_rule(facts: Facts) -> str:
    """Why this order has this window, in words for its owner."""
    minutes, action, campaign = facts.get("minutes"), facts.get("action"), facts.get("campaign")
    if action == "UNTIL_CUT_OFF" and facts.get("why") != "no_cut_off":
        return gettext("You can change this order until our warehouse starts on the next parcels.")
    if not minutes:
        return gettext("You can change this order until it goes to the warehouse.")
    span = {"time": say_span(timedelta(minutes=int(minutes))), "campaign": campaign}
    if action == "WHILE_AVAILABLE" and "above" in facts:
        span["left"] = facts["above"]
        return (
            gettext(
                "Orders like yours can be changed for %(time)s, as long as more than %(left)s of each item are left."
            )
            % span
        )
    if campaign:
        return gettext("During “%(campaign)s”, orders can be changed for %(time)s.") % span
    return gettext("Orders like yours can be changed for %(time)s after the purchase.") % span


def _say_never(facts: Facts, titles: Titles) -> str:
    why = facts.get("why")
    if why in ("low_stock", "thin_stock"):
        return _say_at_once([facts.get("sku", "")], titles)
    if why == "over":
        return gettext("The time for changes was over already when your order reached us.")
    return gettext("Orders like yours go to the warehouse at once, so that they are with you sooner.")


def _say_at_once(skus: Sequence[str], titles: Titles) -> str:
    return gettext("Only few of %(item)s are left. So that yours is safe, the order went to the warehouse at once.") % {
        "item": _name(skus, titles)
    }


def _say_low_stock(because: Facts, titles: Titles) -> str:
    return gettext(
        "%(item)s nearly sold out while you could still make changes. So that yours is safe, we sent your order to the"
        " warehouse right away."
    ) % {"item": _name(because.get("skus") or (), titles)}


def was_never_open(window: Hold) -> bool:
    """True when it ended in the moment in which it would have begun."""
    return window.closed_at == window.opened_at


def say_ended(because: Facts, titles: Titles, *, at_once: bool = False) -> str:
    """Why the window ended before its time; `at_once`: before it began."""
    if at_once and because.get("code") == "low_stock":
        return _say_at_once(because.get("skus") or (), titles)
    say = _ENDS.get(str(because.get("code", "")))
    return say(because, titles) if say else gettext("The time for changes is over.")


_ENDS: Mapping[str, Callable[[Facts, Titles], str]] = {
    "low_stock": _say_low_stock,
    "released": lambda because, titles: gettext("Our team has sent your order to the warehouse."),
    "edited": lambda because, titles: gettext(
        "Your last change took something of which only few are left. So that it is safe, your order went to the"
        " warehouse right after."
    ),
    "cancelled": lambda because, titles: gettext("The order was cancelled."),
    "fulfilled": lambda because, titles: gettext("Your order was sent already."),
}


def _name(skus: Sequence[str], titles: Titles) -> str:
    named = list(dict.fromkeys(titles.get(sku, sku) for sku in skus if sku))
    return gettext(", ").join(named) or gettext("something in your order")
