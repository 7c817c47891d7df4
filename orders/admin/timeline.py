"""What happened to an order, as sentences. An event that this page does not know yet shows under its own name."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from oms.models import EventRecord
from orders.models import Hold, Order

Facts = Mapping[str, Any]

PER_PAGE = 20


@dataclass(frozen=True)
class Moment:
    """One entry of the timeline."""

    sequence: int
    said: str
    by: str
    at: datetime
    icon: str
    tone: str
    facts: Facts


@dataclass(frozen=True)
class Timeline:
    """Newest first; `older` is the sequence to go on before, None at the beginning."""

    moments: Sequence[Moment]
    older: int | None


def read_timeline(order: Order, *, before: int | None = None) -> Timeline:
    records = EventRecord.objects.about("order", order.number).reverse()
    if before is not None:
        records = records.filter(sequence__lt=before)
    found = list(records[: PER_PAGE + 1])
    moments = [_tell(record) for record in found[:PER_PAGE]]
    return Timeline(moments, moments[-1].sequence if len(found) > PER_PAGE else None)


def _tell(record: EventRecord) -> Moment:
    icon, tone, say = _SAYINGS.get(record.type, ("adjust", "mute", None))
    said = say(record.facts) if say else record.type.replace(".", " ").replace("_", " ").capitalize()
    return Moment(record.sequence, said, record.by, record.at, icon, tone, record.facts)


def _say_placed(facts: Facts) -> str:
    count = facts.get("lines", 0)
    lines = f"{count} line" if count == 1 else f"{count} lines"
    total = facts.get("total") or {}
    amount = f"{total.get('amount', '?')} {total.get('currency', '')}".strip()
    return f"Placed on {facts.get('channel', '?')}: {lines}, {amount}"


def _say_held(facts: Facts) -> str:
    detail = str(facts.get("detail") or "").rstrip(".")
    return f"Held for {_reason(facts)}" + (f": {detail}" if detail else "")


def _say_lifted(facts: Facts) -> str:
    return f"No longer held for {_reason(facts)}"


def _say_window(facts: Facts) -> str:
    if facts.get("code") == "low_stock":
        return f"Edit window ended: stock of {', '.join(facts.get('skus', []))} is low"
    return "Edit window ended" if facts.get("code") != "released" else "Edit window ended by hand"


def _say_edited(facts: Facts) -> str:
    who = str(facts.get("actor", "")).lower() or "somebody"
    return f"Edited by {who}: {_operations(facts)}{_totals(facts)}"


def _say_edit_asked(facts: Facts) -> str:
    waits = "payment" if facts.get("state") == "AWAITING_PAYMENT" else "our approval"
    return f"A change waits for {waits}: {_operations(facts)}{_totals(facts)}"


def _say_edit_ended(facts: Facts) -> str:
    state = str(facts.get("state", "")).lower().replace("_", " ") or "given up"
    return f"The change that waited ended: {state}" + (f" ({facts['note']})" if facts.get("note") else "")


def _operations(facts: Facts) -> str:
    names = [str(each.get("op", "")).replace("_", " ") for each in facts.get("operations") or []]
    return ", ".join(dict.fromkeys(names)) or "nothing"


def _totals(facts: Facts) -> str:
    total = facts.get("total") or {}
    if total.get("before") == total.get("after"):
        return ""
    return f"; total {total.get('before')} → {total.get('after')} {total.get('currency', '')}".rstrip()


def _say_cancelled(facts: Facts) -> str:
    return f"Cancelled: {facts['reason']}" if facts.get("reason") else "Cancelled"


def _say_paid(facts: Facts) -> str:
    status = str(facts.get("status", "")).lower()
    return f"Payment of {_amount(facts)} by {facts.get('gateway') or 'hand'}: {status or 'recorded'}"


def _say_refunded(facts: Facts) -> str:
    return f"Refund of {_amount(facts)}" + (f": {facts['reason']}" if facts.get("reason") else "")


def _say_updated(facts: Facts) -> str:
    changes = facts.get("changes") or []
    named = [str(change.get("what", change)) if isinstance(change, dict) else str(change) for change in changes]
    return f"The channel changed it: {', '.join(named)}" if named else "The channel changed it"


def _reason(facts: Facts) -> str:
    code = str(facts.get("reason", ""))
    return dict(Hold.Reason.choices).get(code, code.replace("_", " ").lower() or "no stated reason")


def _amount(facts: Facts) -> str:
    amount = facts.get("amount", "?")
    if isinstance(amount, dict):
        return f"{amount.get('amount', '?')} {amount.get('currency', '')}".strip()
    return f"{amount} {facts.get('currency', '')}".strip()


_SAYINGS: dict[str, tuple[str, str, Callable[[Facts], str]]] = {
    "order.placed": ("shopping_bag", "cool", _say_placed),
    "order.updated": ("sync", "mute", _say_updated),
    "order.held": ("pause", "warm", _say_held),
    "order.hold_lifted": ("play_arrow", "cool", _say_lifted),
    "order.window_ended": ("timer_off", "cool", _say_window),
    "order.edit_requested": ("edit_note", "warm", _say_edit_asked),
    "order.edited": ("edit", "good", _say_edited),
    "order.edit_ended": ("edit_off", "mute", _say_edit_ended),
    "order.released": ("local_shipping", "good", lambda facts: "Released to the warehouse"),
    "order.cancelled": ("close", "bad", _say_cancelled),
    "order.closed": ("check", "good", lambda facts: "Closed: nothing of it is left to ship"),
    "order.payment_recorded": ("payments", "good", _say_paid),
    "refund.issued": ("undo", "mute", _say_refunded),
}
"""Icon, colour and sentence of each event."""
