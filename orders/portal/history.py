"""What happened to an order, for its owner: only what concerns them, in their language."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal, InvalidOperation
from typing import Any

from django.utils.translation import gettext

from oms.models import EventRecord
from oms.templatetags.portal import say_amount
from orders.models import Order

Facts = Mapping[str, Any]
MOST = 40


@dataclass(frozen=True, slots=True)
class Moment:
    said: str
    at: datetime


def read_history(order: Order) -> list[Moment]:
    """Newest first."""
    records = EventRecord.objects.about("order", order.number).filter(type__in=_SAYINGS).reverse()[:MOST]
    told = ((record, _SAYINGS[record.type](record.facts, record.by == "customer")) for record in records)
    return [Moment(said, record.at) for record, said in told if said]


def _say_paid(facts: Facts, own: bool) -> str:
    if str(facts.get("status", "")).upper() not in ("CAPTURED", "PAID"):
        return ""
    return gettext("Your payment of %(amount)s arrived") % {"amount": _amount(facts)}


def _say_refunded(facts: Facts, own: bool) -> str:
    return gettext("%(amount)s went back to you") % {"amount": _amount(facts)}


def _say_edit_ended(facts: Facts, own: bool) -> str:
    return {
        "DECLINED": gettext("A change was declined"),
        "EXPIRED": gettext("A change was not paid or decided in time; your order stayed as it was"),
        "CANCELED": gettext("A change was withdrawn"),
        "SUPERSEDED": gettext("A change was overtaken by another one"),
    }.get(str(facts.get("state", "")), "")


def _say_window_ended(facts: Facts, own: bool) -> str:
    if facts.get("code") == "low_stock":
        return gettext("An item nearly sold out, so your order went to the warehouse early")
    return ""


_SAYINGS: Mapping[str, Callable[[Facts, bool], str]] = {
    "order.placed": lambda facts, own: gettext("You placed the order"),
    "order.updated": lambda facts, own: gettext("The shop updated the order"),
    "order.edit_requested": lambda facts, own: gettext("You asked for a change") if own else "",
    "order.edited": lambda facts, own: gettext("You changed the order") if own else gettext("We changed the order"),
    "order.edit_ended": _say_edit_ended,
    "order.window_ended": _say_window_ended,
    "order.released": lambda facts, own: gettext("The order went to the warehouse"),
    "order.cancelled": lambda facts, own: gettext("You cancelled the order") if own else gettext("It was cancelled"),
    "order.closed": lambda facts, own: gettext("Everything has been sent"),
    "order.payment_recorded": _say_paid,
    "refund.issued": _say_refunded,
}


def _amount(facts: Facts) -> str:
    stated = facts.get("amount")
    amount, currency = (
        (stated.get("amount"), stated.get("currency"))
        if isinstance(stated, Mapping)
        else (stated, facts.get("currency"))
    )
    try:
        return say_amount(Decimal(str(amount)), str(currency))
    except (InvalidOperation, ValueError):
        return str(amount)
