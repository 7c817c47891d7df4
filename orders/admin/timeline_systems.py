"""Sentences about what other systems made of our changes."""

from collections.abc import Mapping
from typing import Any

from orders.admin.write_back_words import say_difference_list
from orders.models import WriteBack

Facts = Mapping[str, Any]


def say_acknowledged(facts: Facts) -> str:
    reference = f", as {facts['reference']}" if facts.get("reference") else ""
    return f"{_who(facts)} knows {_what(facts)}{reference}"


def say_mismatched(facts: Facts) -> str:
    differences = say_difference_list(facts.get("differences") or [])
    return f"{_who(facts)} has it otherwise" + (f": {differences}" if differences else "")


def say_given_up(facts: Facts) -> str:
    error = str(facts.get("error") or "").rstrip(".")
    return f"{_who(facts)} was told in vain {_what(facts)}" + (f": {error}" if error else "")


def say_overdue(facts: Facts) -> str:
    minutes = facts.get("minutes", "?")
    return f"{_who(facts)} has not acknowledged within {minutes} minutes {_what(facts)}"


def say_dismissed(facts: Facts) -> str:
    note = f": {facts['note']}" if facts.get("note") else ""
    return f"The message to {_who(facts)} {_what(facts)} was put aside{note}"


def _who(facts: Facts) -> str:
    return str(facts.get("target") or "another system")


def _what(facts: Facts) -> str:
    """What the message was about, as a clause."""
    kind, parcel = facts.get("kind"), facts.get("shipment") or "a parcel"
    if kind == WriteBack.Kind.FULFILLMENT:
        return f"that {parcel} has left"
    if kind == WriteBack.Kind.TRACKING:
        return f"where {parcel} is"
    if kind == WriteBack.Kind.CREDIT:
        return "that the customer has store credit"
    return f"that the order was {dict(WriteBack.Kind.choices).get(str(kind), 'changed')}"
