"""Every event of an order, as staff read it: icon, colour and sentence."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from oms.events import Event
from orders import events, return_label_events
from orders.admin.choices import say_known_reason
from orders.admin.timeline_changes import (
    say_edit_asked,
    say_edit_ended,
    say_edited,
    say_updated,
)
from orders.admin.timeline_money import (
    say_amount,
    say_checkout_ended,
    say_checkout_opened,
    say_disputed,
    say_paid,
    say_refunded,
    say_repayment_asked,
    say_repayment_failed,
    say_repayment_withdrawn,
)
from orders.admin.timeline_sending import (
    say_accepted,
    say_deferred,
    say_delayed,
    say_delivered,
    say_failed,
    say_fulfillment_held,
    say_hold_released,
    say_intercept_answered,
    say_intercept_asked,
    say_label_bought,
    say_label_failed,
    say_label_voided,
    say_moved,
    say_opened,
    say_readdressed,
    say_rejected,
    say_requested,
    say_return_label_bought,
    say_return_label_failed,
    say_return_label_voided,
    say_return_moved,
    say_routed,
    say_shipped,
    say_short,
    say_stop_answered,
    say_stop_asked,
    say_unroutable,
    say_withdrawn,
)
from orders.admin.timeline_systems import (
    say_acknowledged,
    say_dismissed,
    say_given_up,
    say_mismatched,
    say_overdue,
)
from orders.models import Hold

Facts = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Saying:
    icon: str
    tone: str
    say: Callable[[Facts], str]


def find_saying(type_: str) -> Saying:
    """An event of a newer release shows under its own name."""
    return SAYINGS.get(type_) or Saying("adjust", "mute", lambda facts: _name(type_))


def _name(type_: str) -> str:
    return type_.replace(".", " ").replace("_", " ").capitalize()


def _say_placed(facts: Facts) -> str:
    count = facts.get("lines", 0)
    lines = f"{count} line" if count == 1 else f"{count} lines"
    return f"Placed on {facts.get('channel', '?')}: {lines}, {say_amount(facts.get('total') or {})}"


def _say_held(facts: Facts) -> str:
    if facts.get("reason") == Hold.Reason.EDIT_OPEN:
        return "Held back while the change waits"
    detail = str(facts.get("detail") or "").rstrip(".")
    return f"Held {_reason(facts)}" + (f": {detail}" if detail else "")


def _say_lifted(facts: Facts) -> str:
    if facts.get("reason") == Hold.Reason.EDIT_OPEN:
        return "No change waits any more"
    return f"No longer held {_reason(facts)}"


def _say_window_ended(facts: Facts) -> str:
    skus = ", ".join(facts.get("skus") or ())
    why = {
        "low_stock": f"stock of {skus} is low",
        "released": "released by hand",
        "edited": f"the change left little of {skus}" if skus else "the change left little stock",
        "no_window": "its rule gives none",
    }.get(str(facts.get("code", "")))
    return f"Edit window ended: {why}" if why else "Edit window ended"


def _say_cancelled(facts: Facts) -> str:
    reason = say_known_reason(facts.get("reason") or "")
    return f"Cancelled: {reason}" if reason else "Cancelled"


def _reason(facts: Facts) -> str:
    """ "for fraud review", "by staff" """
    code = str(facts.get("reason", ""))
    if code == Hold.Reason.STAFF:
        return "by staff"
    return f"for {dict(Hold.Reason.choices).get(code, code.replace('_', ' ').lower() or 'no stated reason')}"


def _say_followed(facts: Facts) -> str:
    because = f": {facts['because']}" if facts.get("because") else ""
    said = {
        "STOPPED": "What was withdrawn from does not leave",
        "STUCK": "What was withdrawn from could not be stopped by itself",
        "LEAVING": "What was withdrawn from leaves all the same, and is to come back",
        "RETURNING": f"What was withdrawn from had left, and comes back by {facts.get('return') or 'a return'}",
    }
    return said.get(str(facts.get("state")), "A withdrawal was looked after") + because


_TABLE: dict[type[Event], Saying] = {
    events.OrderPlaced: Saying("shopping_bag", "cool", _say_placed),
    events.OrderUpdated: Saying("sync", "mute", say_updated),
    events.OrderConfirmed: Saying("mark_email_read", "mute", lambda facts: "Confirmation mailed, with a link to it"),
    events.CustomerAdmitted: Saying("login", "mute", lambda facts: "The customer opened the order's page with a code"),
    events.OrderHeld: Saying("pause", "warm", _say_held),
    events.HoldLifted: Saying("play_arrow", "cool", _say_lifted),
    events.ContractWithdrawn: Saying("undo", "warm", lambda facts: "The customer withdrew from the contract"),
    events.WithdrawalFollowed: Saying("undo", "mute", _say_followed),
    events.WindowEnded: Saying("timer_off", "cool", _say_window_ended),
    events.EditRequested: Saying("edit_note", "warm", say_edit_asked),
    events.OrderEdited: Saying("edit", "good", say_edited),
    events.EditEnded: Saying("edit_off", "mute", say_edit_ended),
    events.OrderReleased: Saying("outbound", "good", lambda facts: "Released to the warehouse"),
    events.OrderRouted: Saying("alt_route", "cool", say_routed),
    events.OrderUnroutable: Saying("wrong_location", "bad", say_unroutable),
    events.FulfillmentRequested: Saying("warehouse", "cool", say_requested),
    events.FulfillmentTakenOn: Saying("handshake", "good", say_accepted),
    events.FulfillmentRejected: Saying("block", "bad", say_rejected),
    events.FulfillmentWithdrawn: Saying("keyboard_return", "mute", say_withdrawn),
    events.FulfillmentHeld: Saying("pause", "warm", say_fulfillment_held),
    events.FulfillmentHoldReleased: Saying("play_arrow", "cool", say_hold_released),
    events.FulfillmentDeferred: Saying("event", "warm", say_deferred),
    events.FulfillmentOpened: Saying("event_available", "cool", say_opened),
    events.FulfillmentReaddressed: Saying("edit_location", "cool", say_readdressed),
    events.FulfillmentShort: Saying("production_quantity_limits", "bad", say_short),
    events.CancellationRequested: Saying("front_hand", "warm", say_stop_asked),
    events.CancellationAnswered: Saying("front_hand", "mute", say_stop_answered),
    events.LabelBought: Saying("label", "mute", say_label_bought),
    events.LabelVoided: Saying("label_off", "mute", say_label_voided),
    events.LabelFailed: Saying("label_off", "bad", say_label_failed),
    return_label_events.ReturnLabelBought: Saying("label", "mute", say_return_label_bought),
    return_label_events.ReturnLabelVoided: Saying("label_off", "mute", say_return_label_voided),
    return_label_events.ReturnLabelFailed: Saying("label_off", "bad", say_return_label_failed),
    return_label_events.ReturnParcelMoved: Saying("assignment_return", "mute", say_return_moved),
    events.ShipmentSent: Saying("local_shipping", "good", say_shipped),
    events.ShipmentMoved: Saying("location_on", "mute", say_moved),
    events.ShipmentDelayed: Saying("schedule", "warm", say_delayed),
    events.ShipmentDelivered: Saying("home_pin", "good", say_delivered),
    events.ShipmentFailed: Saying("error", "bad", say_failed),
    events.ShipmentInterceptAsked: Saying("u_turn_right", "warm", say_intercept_asked),
    events.ShipmentInterceptAnswered: Saying("u_turn_right", "mute", say_intercept_answered),
    events.OrderCancelled: Saying("close", "bad", _say_cancelled),
    events.OrderClosed: Saying("check", "good", lambda facts: "Closed: nothing of it is left to ship"),
    events.PaymentRecorded: Saying("payments", "good", say_paid),
    events.PaymentDisputed: Saying("gavel", "bad", say_disputed),
    events.CheckoutOpened: Saying("shopping_cart_checkout", "cool", say_checkout_opened),
    events.CheckoutEnded: Saying("remove_shopping_cart", "mute", say_checkout_ended),
    events.RepaymentRequested: Saying("undo", "warm", say_repayment_asked),
    events.RepaymentWithdrawn: Saying("undo", "mute", say_repayment_withdrawn),
    events.RepaymentFailed: Saying("error", "bad", say_repayment_failed),
    events.RefundRecorded: Saying("undo", "good", say_refunded),
    events.WriteBackAcknowledged: Saying("done_all", "mute", say_acknowledged),
    events.WriteBackMismatched: Saying("difference", "bad", say_mismatched),
    events.WriteBackFailed: Saying("sync_problem", "bad", say_given_up),
    events.WriteBackOverdue: Saying("schedule", "warm", say_overdue),
    events.WriteBackDismissed: Saying("visibility_off", "mute", say_dismissed),
}
SAYINGS: Mapping[str, Saying] = {kind.type: saying for kind, saying in _TABLE.items()}
"""By the event's type."""
