"""What happened to a return, for its owner."""

from collections.abc import Callable, Mapping
from decimal import Decimal, InvalidOperation
from typing import Any

from django.utils.translation import gettext

from oms.events import Event
from oms.models import EventRecord
from oms.templatetags.portal import say_amount
from orders.portal.history import Moment
from returns import events
from returns.choices import Resolution
from returns.models import Return

Facts = Mapping[str, Any]
MOST = 40


def read_history(return_: Return) -> list[Moment]:
    """Newest first."""
    records = EventRecord.objects.about("return", return_.number).filter(type__in=SAYINGS).reverse()[:MOST]
    told = ((record, SAYINGS[record.type](record.facts, record.by == "customer")) for record in records)
    return [Moment(said, record.at) for record, said in told if said]


def _say_requested(facts: Facts, own: bool) -> str:
    if facts.get("kind") == Return.Kind.WITHDRAWAL:
        return gettext("You withdrew from the contract")
    if facts.get("kind") == Return.Kind.CLAIM:
        return gettext("You told us that it is faulty") if own else gettext("We noted for you that it is faulty")
    return gettext("You asked for the return") if own else gettext("We opened the return for you")


def _say_canceled(facts: Facts, own: bool) -> str:
    return gettext("You canceled the return") if own else gettext("The return was canceled")


def _say_settled(facts: Facts, own: bool) -> str:
    given = {"amount": _amount(facts)}
    said: dict[str, str] = {
        Resolution.REFUND: gettext("%(amount)s goes back to you") % given,
        Resolution.STORE_CREDIT: gettext("You got %(amount)s of store credit") % given,
        Resolution.EXCHANGE: gettext("Your exchange was arranged"),
        Resolution.REPLACEMENT: gettext("A replacement was arranged"),
    }
    return said.get(str(facts.get("remedy")), "")


def _amount(facts: Facts) -> str:
    try:
        given = Decimal(str(facts.get("given") or 0)) + Decimal(str(facts.get("bonus") or 0))
        return say_amount(given, str(facts.get("currency") or ""))
    except (InvalidOperation, ValueError):
        return ""


_TOLD: Mapping[type[Event], Callable[[Facts, bool], str]] = {
    events.ReturnRequested: _say_requested,
    events.ReturnApproved: lambda facts, own: gettext("The return was approved"),
    events.ReturnRefused: lambda facts, own: gettext("The return was declined"),
    events.ReturnCanceled: _say_canceled,
    events.ReturnParcelReady: lambda facts, own: gettext("Everything is ready for sending it"),
    events.ReturnInTransit: lambda facts, own: gettext("The carrier has your parcel"),
    events.ReturnLost: lambda facts, own: gettext("The parcel is late; we are looking into it"),
    events.ReturnReceived: lambda facts, own: gettext("Your parcel reached us"),
    events.ReturnInspected: lambda facts, own: gettext("We checked what came back"),
    events.ReturnSettled: _say_settled,
    events.ReturnClosed: lambda facts, own: gettext("The return was closed"),
    events.ReturnReopened: lambda facts, own: gettext("The return was opened again"),
}
UNTOLD: frozenset[type[Event]] = frozenset(
    {
        events.WithdrawalAcknowledged,  # the first line of a withdrawal says it
        events.AbuseScoreOverturned,  # between us
        events.ReturnRunningOut,  # told by mail; the page says until when
    }
)
"""What customers are not told twice."""

SAYINGS: Mapping[str, Callable[[Facts, bool], str]] = {kind.type: say for kind, say in _TOLD.items()}
