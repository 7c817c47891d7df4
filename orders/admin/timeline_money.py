"""Sentences about an order's money: what came, what is asked for, what goes back."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.utils.dateparse import parse_datetime

from oms.templatetags.showing import clock
from orders.admin.choices import say_known_reason
from orders.models import Checkout, Payment, Repayment

Facts = Mapping[str, Any]


def say_paid(facts: Facts) -> str:
    status = dict(Payment.Status.choices).get(str(facts.get("status")), "recorded")
    return f"Payment of {say_amount(facts)} by {_gateway(facts)}: {status}"


def say_disputed(facts: Facts) -> str:
    why = f": {facts['reason'].replace('_', ' ')}" if facts.get("reason") else ""
    return f"The customer's bank takes {say_amount(facts)} back{why}"


def say_checkout_opened(facts: Facts) -> str:
    until = _moment(facts.get("expires_at"))
    return f"{_asker(facts)} asks for {say_amount(facts)}" + (f" until {clock(until)}" if until else "")


def say_checkout_ended(facts: Facts) -> str:
    state = dict(Checkout.State.choices).get(str(facts.get("state")), "given up")
    reason = f" ({facts['reason']})" if facts.get("reason") else ""
    return f"Nobody is to pay {say_amount(facts)} any more: {state}{reason}"


def say_repayment_asked(facts: Facts) -> str:
    state = dict(Repayment.State.choices).get(str(facts.get("state")), "")
    return f"{say_amount(facts)} is to go back by {_gateway(facts)}{_because(facts)}" + (f"; {state}" if state else "")


def say_repayment_withdrawn(facts: Facts) -> str:
    return f"{say_amount(facts)} is not to go back any more{_because(facts)}"


def say_repayment_failed(facts: Facts) -> str:
    return f"{say_amount(facts)} did not go back by {_gateway(facts)}; somebody must look{_because(facts)}"


def say_refunded(facts: Facts) -> str:
    return f"Refund of {say_amount(facts)}{_because(facts)}"


def say_amount(facts: Facts) -> str:
    """ "19.90 EUR", of an amount that carries its currency or stands beside it."""
    amount = facts.get("amount", "?")
    if isinstance(amount, Mapping):
        return say_amount(amount)
    return f"{amount} {facts.get('currency', '')}".strip()


def _because(facts: Facts) -> str:
    reason = say_known_reason(str(facts.get("reason") or ""))
    return f": {reason}" if reason else ""


def _gateway(facts: Facts) -> str:
    gateway = facts.get("gateway")
    return "hand" if gateway in ("", "manual", None) else str(gateway)


def _asker(facts: Facts) -> str:
    return f"A page of {facts.get('gateway', '?')}" if facts.get("page") else f"{facts.get('gateway', '?')}"


def _moment(value: Any) -> datetime | None:
    return parse_datetime(value) if isinstance(value, str) else None
