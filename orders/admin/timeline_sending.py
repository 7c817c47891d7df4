"""Sentences about an order's way out: who was asked to send it, what they did, and where its parcels are."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.utils.dateparse import parse_datetime

from oms.currencies import MINOR_UNITS
from oms.money import round_amount
from oms.templatetags.showing import clock
from orders.admin.choices import say_known_reason
from orders.models import Fulfillment, Shipment

Facts = Mapping[str, Any]

WHY_TAKEN_BACK = {
    "edited": "the order was changed",
    "held": "the order is held again",
    "cancelled": "the order was cancelled",
    "overridden": "somebody sends it another way",
    "again": "somebody had it routed again",
    "stock_missing": "its units are not on the shelf",
}
"""Why a fulfillment was taken back, or is to stop, by its code."""

WHY_REJECTED = (
    ("out_of_stock", "Not in stock"),
    ("damaged", "Damaged"),
    ("cannot_ship_there", "Cannot ship to this address"),
    ("too_busy", "Too much to do"),
    ("closed", "Closed that day"),
    ("other", "Something else"),
)
"""What a warehouse can say when it will not send something: code and words."""


def say_reason(code: object) -> str:
    """A code in words; what is no code of ours is said as it is."""
    known = WHY_TAKEN_BACK | {reason: words.lower() for reason, words in WHY_REJECTED}
    said = str(code or "")
    return known.get(said) or say_known_reason(said).replace("_", " ")


def say_units(lines: Sequence[Facts]) -> str:
    """ "2 × TEE-M-BLK, 1 × MUG" """
    return ", ".join(
        f"{line.get('quantity', '?')} × {line.get('sku') or line.get('title') or 'item without SKU'}" for line in lines
    )


def say_routed(facts: Facts) -> str:
    asked = [str(each.get("warehouse")) for each in facts.get("fulfillments") or ()]
    where = " and ".join(asked) or "its warehouse"
    cost = _cost(facts)
    verb = "Sent by hand" if facts.get("note") else "Routed"
    return f"{verb} to {where}{cost}{_note(facts)}"


def say_unroutable(facts: Facts) -> str:
    why = [str(each.get("sentence", "")).rstrip(".") for each in facts.get("reasons") or ()]
    if missing := ", ".join(facts.get("missing") or ()):
        why.append(f"not enough of {missing} elsewhere" if why else f"not enough of {missing}")
    return "No warehouse can send it" + (f": {'; '.join(filter(None, why))}" if why else "")


def say_requested(facts: Facts) -> str:
    by = _moment(facts.get("ship_by"))
    what = say_units(facts.get("lines") or ())
    asked = f"{_warehouse(facts)} is asked to send {what or 'it'}"
    return asked + (f" by {clock(by)}" if by else "")


def say_accepted(facts: Facts) -> str:
    return f"{_warehouse(facts)} works on it"


def say_rejected(facts: Facts) -> str:
    return f"{_warehouse(facts)} will not send it{_because(facts)}{_note(facts)}; it is routed again"


def say_withdrawn(facts: Facts) -> str:
    return f"Taken back from {_warehouse(facts)}{_because(facts)}"


def say_fulfillment_held(facts: Facts) -> str:
    why = dict(Fulfillment.HoldReason.choices).get(str(facts.get("reason")), "")
    return f"{_warehouse(facts)} must not begin it{f': {why}' if why else ''}{_note(facts)}"


def say_hold_released(facts: Facts) -> str:
    later = facts.get("status") == Fulfillment.Status.SCHEDULED
    return f"{_warehouse(facts)} may begin it{' when it is due' if later else ' again'}"


def say_deferred(facts: Facts) -> str:
    until = _moment(facts.get("fulfill_at"))
    return f"{_warehouse(facts)} is not to begin it before {clock(until) if until else 'later'}"


def say_opened(facts: Facts) -> str:
    by = _moment(facts.get("ship_by"))
    return f"{_warehouse(facts)} is asked to send it now" + (f", by {clock(by)}" if by else "")


def say_intercept_asked(facts: Facts) -> str:
    return (
        f"{facts.get('carrier') or 'The carrier'} is to send parcel {facts.get('shipment')} to {facts.get('address')}"
    )


def say_intercept_answered(facts: Facts) -> str:
    answer = "goes to the new address" if facts.get("done") else "could not be stopped: it goes where it was sent"
    return f"Parcel {facts.get('shipment')} {answer}{_note(facts)}"


def say_readdressed(facts: Facts) -> str:
    label = ", and another label is bought" if facts.get("new_label") else ""
    return f"{_warehouse(facts)} sends it to the new address{label}"


def say_short(facts: Facts) -> str:
    what = say_units(facts.get("lines") or ())
    return f"{_warehouse(facts)} did not find {what or 'all of it'}{_note(facts)}; that is routed again"


def say_stop_asked(facts: Facts) -> str:
    return f"{_warehouse(facts)} is asked to stop{_because(facts)}"


def say_stop_answered(facts: Facts) -> str:
    answer = "has stopped it" if facts.get("accepted") else "could not stop it any more: it goes out"
    return f"{_warehouse(facts)} {answer}{_note(facts)}"


def say_label_bought(facts: Facts) -> str:
    of = " ".join(filter(None, (facts.get("carrier"), facts.get("service"))))
    return f"Label bought{f' of {of}' if of else ''}{_cost(facts)}{_number(facts)}"


def say_label_voided(facts: Facts) -> str:
    return f"Label given back{_number(facts)}{_because(facts)}"


def say_label_failed(facts: Facts) -> str:
    return f"No label{_because(facts) or ': the carrier would not'}"


def say_return_label_bought(facts: Facts) -> str:
    of = " ".join(filter(None, (facts.get("carrier"), facts.get("service"))))
    return f"Return label bought{f' of {of}' if of else ''}{_cost(facts)}{_number(facts)}"


def say_return_label_voided(facts: Facts) -> str:
    return f"Return label given back{_number(facts)}{_because(facts)}"


def say_return_label_failed(facts: Facts) -> str:
    return f"No return label{_because(facts) or ': the carrier would not'}"


def say_return_moved(facts: Facts) -> str:
    return f"Return {facts.get('rma', '')}: {_seen(facts)}".replace(" :", ":")


def say_shipped(facts: Facts) -> str:
    of = " ".join(filter(None, (facts.get("carrier"), facts.get("service"))))
    rest = "; the rest follows" if facts.get("rest") else ""
    return f"Parcel left {_warehouse(facts)}{f' with {of}' if of else ''}{_number(facts)}{rest}"


def say_moved(facts: Facts) -> str:
    return f"Parcel {facts.get('shipment', '')}: {_seen(facts)}".replace(" :", ":")


def say_delayed(facts: Facts) -> str:
    due = _moment(facts.get("expected_at"))
    who = "The carrier says it is late" if facts.get("because") == "carrier" else "It is late"
    return f"{who}: parcel {facts.get('shipment', '?')}" + (f" was due {clock(due)}" if due else "")


def say_delivered(facts: Facts) -> str:
    at = _moment(facts.get("delivered_at"))
    return f"Delivered: parcel {facts.get('shipment', '?')}" + (f" at {clock(at)}" if at else "")


def say_failed(facts: Facts) -> str:
    if facts.get("status") == Shipment.Status.RETURNED:
        return f"Parcel {facts.get('shipment', '?')} comes back"
    return f"Parcel {facts.get('shipment', '?')} could not be delivered"


def _seen(facts: Facts) -> str:
    """ "in transit (Leipzig, sorted)" """
    status = dict(Shipment.Status.choices).get(str(facts.get("status")), "seen")
    words = [part for part in (facts.get("place"), facts.get("description")) if part]
    return status + (f" ({', '.join(words)})" if words else "")


def _warehouse(facts: Facts) -> str:
    return str(facts.get("warehouse") or "The warehouse")


def _cost(facts: Facts) -> str:
    """ " for 12.30 EUR" """
    currency = str(facts.get("currency") or "")
    if not facts.get("cost") or currency not in MINOR_UNITS:
        return ""
    return f" for {round_amount(Decimal(str(facts['cost'])), currency)} {currency}"


def _because(facts: Facts) -> str:
    reason = say_reason(facts.get("reason")).rstrip(".")
    return f": {reason}" if reason else ""


def _note(facts: Facts) -> str:
    return f" (“{facts['note']}”)" if facts.get("note") else ""


def _number(facts: Facts) -> str:
    return f", {facts['tracking_number']}" if facts.get("tracking_number") else ""


def _moment(value: Any) -> datetime | None:
    return parse_datetime(value) if isinstance(value, str) else None
