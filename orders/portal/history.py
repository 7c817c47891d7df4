"""What happened to an order, for its owner: only what concerns them, in their language."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal, InvalidOperation
from typing import Any

from django.utils.translation import gettext

from oms.events import Event
from oms.models import EventRecord
from oms.templatetags.portal import say_amount
from orders import events, return_label_events

Facts = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Moment:
    said: str
    at: datetime


def tell_history(records: Sequence[EventRecord]) -> list[Moment]:
    """In their order; without what does not concern the customer."""
    told = ((record, SAYINGS[record.type](record.facts, record.by == "customer")) for record in records)
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


def _say_edited(facts: Facts, own: bool) -> str:
    return gettext("You changed the order") if own else gettext("We changed the order")


def _say_cancelled(facts: Facts, own: bool) -> str:
    return gettext("You cancelled the order") if own else gettext("It was cancelled")


def _say_asked_to_pay(facts: Facts, own: bool) -> str:
    return gettext("You were asked to pay %(amount)s") % {"amount": _amount(facts)}


def _say_going_back(facts: Facts, own: bool) -> str:
    return gettext("%(amount)s is on its way back to you") % {"amount": _amount(facts)}


def _say_kept(facts: Facts, own: bool) -> str:
    return gettext("%(amount)s does not go back to you any more") % {"amount": _amount(facts)}


def _say_sent(facts: Facts, own: bool) -> str:
    carrier = str(facts.get("carrier") or "")
    if carrier:
        return gettext("A parcel left with %(carrier)s") % {"carrier": carrier}
    return gettext("A parcel left our warehouse")


def _say_moved(facts: Facts, own: bool) -> str:
    """What ends or delays a journey is told by an event of its own."""
    return {
        "IN_TRANSIT": gettext("The parcel is on its way"),
        "OUT_FOR_DELIVERY": gettext("The parcel went out for delivery"),
        "ATTEMPTED_DELIVERY": gettext("The carrier did not meet anybody"),
        "READY_FOR_PICKUP": gettext("The parcel is ready to be picked up"),
    }.get(str(facts.get("status", "")), "")


def _say_failed(facts: Facts, own: bool) -> str:
    if facts.get("status") == "RETURNED":
        return gettext("The parcel is coming back to us")
    return gettext("The parcel could not be delivered")


def _say_intercepted(facts: Facts, own: bool) -> str:
    if facts.get("done"):
        return gettext("The carrier sends the parcel to the new address")
    return gettext("The parcel could not be stopped: it goes to the first address")


def _say_stopped(facts: Facts, own: bool) -> str:
    return "" if facts.get("accepted") else gettext("The warehouse could not stop it any more")


def _say_followed(facts: Facts, own: bool) -> str:
    return {
        "STOPPED": gettext("What you withdrew from is not sent any more"),
        "STUCK": gettext("One of us looks at how to stop what you withdrew from"),
        "LEAVING": gettext("What you withdrew from could not be stopped; you can send it back"),
        "RETURNING": gettext("What you withdrew from had left; you can send it back"),
    }.get(str(facts.get("state", "")), "")


_TOLD: Mapping[type[Event], Callable[[Facts, bool], str]] = {
    events.OrderPlaced: lambda facts, own: gettext("You placed the order"),
    events.OrderConfirmed: lambda facts, own: gettext("We mailed you a confirmation"),
    events.OrderUpdated: lambda facts, own: gettext("The shop updated the order"),
    events.EditRequested: lambda facts, own: gettext("You asked for a change") if own else "",
    events.OrderEdited: _say_edited,
    events.EditEnded: _say_edit_ended,
    events.WindowEnded: _say_window_ended,
    events.OrderReleased: lambda facts, own: gettext("The order went to the warehouse"),
    events.FulfillmentTakenOn: lambda facts, own: gettext("The warehouse began to pack it"),
    events.CancellationRequested: lambda facts, own: gettext("We asked the warehouse to stop it"),
    events.CancellationAnswered: _say_stopped,
    events.ShipmentSent: _say_sent,
    events.ShipmentMoved: _say_moved,
    events.ShipmentDelayed: lambda facts, own: gettext("The parcel takes longer than planned"),
    events.ShipmentDelivered: lambda facts, own: gettext("The parcel was delivered"),
    events.ShipmentFailed: _say_failed,
    events.ShipmentInterceptAsked: lambda facts, own: gettext("We ask the carrier to send the parcel elsewhere"),
    events.ShipmentInterceptAnswered: _say_intercepted,
    events.OrderCancelled: _say_cancelled,
    events.ContractWithdrawn: lambda facts, own: gettext("You withdrew from the contract"),
    events.WithdrawalFollowed: _say_followed,
    events.OrderClosed: lambda facts, own: gettext("Everything has been sent"),
    events.CheckoutOpened: _say_asked_to_pay,
    events.PaymentRecorded: _say_paid,
    events.RepaymentRequested: _say_going_back,
    events.RepaymentWithdrawn: _say_kept,
    events.RefundRecorded: _say_refunded,
}
UNTOLD: frozenset[type[Event]] = frozenset(
    {
        *(events.OrderHeld, events.HoldLifted),  # the headline of the page says what is waited for
        *(events.CheckoutEnded, events.CustomerAdmitted),  # the customer's own doing, or told with the change
        *(events.OrderRouted, events.OrderUnroutable, events.FulfillmentRequested),  # how we send it is our business
        *(events.FulfillmentHeld, events.FulfillmentHoldReleased, events.FulfillmentDeferred, events.FulfillmentOpened),
        *(events.FulfillmentRejected, events.FulfillmentWithdrawn, events.FulfillmentShort),
        *(events.FulfillmentReaddressed, events.LabelBought, events.LabelVoided, events.LabelFailed),
        # The page of the return tells of its parcel.
        *(
            return_label_events.ReturnLabelBought,
            return_label_events.ReturnLabelVoided,
            return_label_events.ReturnLabelFailed,
            return_label_events.ReturnParcelMoved,
        ),
        *(events.RepaymentFailed, events.PaymentDisputed),  # ours to clear up
        *(events.WriteBackAcknowledged, events.WriteBackMismatched, events.WriteBackFailed),
        *(events.WriteBackOverdue, events.WriteBackDismissed),  # between us and other systems
    }
)
"""What customers are not told."""

SAYINGS: Mapping[str, Callable[[Facts, bool], str]] = {kind.type: say for kind, say in _TOLD.items()}
"""By the event's type; "" where this one does not concern the customer."""


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
