"""What happened to a return, as sentences."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from oms.events import Event
from oms.models import EventRecord
from oms.quantities import plain
from returns import events
from returns.admin.words import METHODS, RESOLUTIONS

MOST = 200
Facts = Mapping[str, Any]


@dataclass(frozen=True)
class Moment:
    """One entry of the timeline."""

    said: str
    by: str
    at: datetime
    icon: str
    tone: str
    facts: Facts


def read_timeline(number: str, *, with_money: bool) -> list[Moment]:
    """The newest first. Without money nothing is told of what was given, nor of whom we suspect."""
    records = EventRecord.objects.about("return", number).reverse()
    if not with_money:
        records = records.exclude(type__in=[kind.type for kind in _NOT_FOR_PARTNERS])
    return [_tell(record) for record in records[:MOST]]


def _tell(record: EventRecord) -> Moment:
    icon, tone, say = _SAYINGS.get(record.type) or ("adjust", "mute", lambda facts: _name(record.type))
    return Moment(say(record.facts), record.by, record.at, icon, tone, record.facts)


def _name(type_: str) -> str:
    return type_.replace(".", " ").replace("_", " ").capitalize()


def _say_requested(facts: Facts) -> str:
    source = str(facts.get("source", "")).lower()
    where = {"portal": "by the customer", "staff": "by staff", "api": "by the API"}.get(source, f"by {source}")
    return f"Asked for {where}: {_count(facts)}"


def _say_approved(facts: Facts) -> str:
    method = METHODS.get(facts.get("method", ""), "")
    rule = f" by rule “{facts['rule']}”" if facts.get("rule") else ""
    return f"Approved{rule}" + (f": {method}" if method else "")


def _say_reappraised(facts: Facts) -> str:
    less = f"{facts.get('less', '')} {facts.get('currency', '')}".strip() or "Something"
    return f"{less} less was agreed on: {facts.get('because') or 'no reason was given'}"


def _say_ready(facts: Facts) -> str:
    number = f", {facts['tracking_number']}" if facts.get("tracking_number") else ""
    return f"It can be sent to {facts.get('node') or 'us'}{number}"


def _say_refused(facts: Facts) -> str:
    return f"Refused: {facts.get('explanation') or facts.get('rule') or 'no reason was noted'}"


def _say_photo(facts: Facts) -> str:
    detail = f": “{facts['detail']}”" if facts.get("detail") else ""
    return f"The customer is asked for a photo of the {str(facts.get('show') or 'goods').lower()}{detail}"


def _say_in_transit(facts: Facts) -> str:
    number = facts.get("tracking_number")
    return "First scan by the carrier" + (f": {number}" if number else "")


def _say_received(facts: Facts) -> str:
    node = facts.get("node")
    return f"Received{f' at {node}' if node else ''}: {_count(facts)}"


def _say_inspected(facts: Facts) -> str:
    told = [
        f"{each.get('sku') or 'item'} {str(each.get('acceptance', '')).lower().replace('_', ' ')}"
        + (f", grade {each['grade']}" if each.get("grade") else "")
        for each in facts.get("items", ())[:3]
    ]
    return f"Inspected: {'; '.join(told)}" if told else "Inspected"


def _say_settled(facts: Facts) -> str:
    remedy = RESOLUTIONS.get(facts.get("remedy", ""), "settled")
    bonus = f" and {facts['bonus']} on top" if str(facts.get("bonus") or "0").strip("0.") else ""
    return f"Given as {remedy}: {facts.get('given', '')} {facts.get('currency', '')}{bonus}"


def _say_closed(facts: Facts) -> str:
    because = facts.get("because")
    return f"Closed: {because}" if because else "Closed"


def _say_reopened(facts: Facts) -> str:
    return f"Opened again: {facts.get('because') or 'no reason was noted'}"


def _say_overturned(facts: Facts) -> str:
    return f"The abuse score of {facts.get('points', '?')} was overturned: {facts.get('because', '')}"


def _count(facts: Facts) -> str:
    items = facts.get("items") or ()
    told = [f"{plain_of(each)} × {each.get('sku') or 'item'}" for each in items[:3]]
    more = f" and {len(items) - 3} more" if len(items) > 3 else ""
    return ", ".join(told) + more if told else "nothing"


def plain_of(item: Facts) -> str:
    quantity = item.get("quantity", "")
    return str(quantity if isinstance(quantity, str) else plain(quantity))


_TABLE: dict[type[Event], tuple[str, str, Callable[[Facts], str]]] = {
    events.ReturnRequested: ("assignment_return", "cool", _say_requested),
    events.ReturnApproved: ("thumb_up", "good", _say_approved),
    events.ReturnRefused: ("block", "bad", _say_refused),
    events.PhotoAsked: ("photo_camera", "warm", _say_photo),
    events.ReturnCanceled: ("close", "mute", lambda facts: f"Canceled: {facts.get('reason') or 'by the customer'}"),
    events.ReturnInTransit: ("local_shipping", "cool", _say_in_transit),
    events.ReturnParcelReady: ("label", "mute", _say_ready),
    events.ReturnLost: ("wrong_location", "bad", lambda facts: "It was scanned and never arrived: it counts as lost"),
    events.ReturnReceived: ("move_to_inbox", "good", _say_received),
    events.ReturnInspected: ("search_check", "cool", _say_inspected),
    events.ReturnSettled: ("paid", "good", _say_settled),
    events.ReturnReappraised: ("trending_down", "warm", _say_reappraised),
    events.PhotoSent: ("photo_camera", "cool", lambda facts: "A photo was sent"),
    events.ReturnClosed: ("check", "good", _say_closed),
    events.ReturnReopened: ("lock_open", "warm", _say_reopened),
    events.AbuseScoreOverturned: ("gavel", "mute", _say_overturned),
    events.WithdrawalAcknowledged: ("mark_email_read", "mute", lambda facts: "The withdrawal was acknowledged"),
}
_NOT_FOR_PARTNERS = (events.ReturnSettled, events.ReturnReappraised, events.AbuseScoreOverturned)
_SAYINGS = {kind.type: saying for kind, saying in _TABLE.items()}
