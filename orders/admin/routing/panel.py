"""What routing contributes to the order page: the decision, what was asked of whom, and what is missing."""

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.safestring import SafeString

from inventory.models import Warehouse
from oms.models import EventRecord
from orders.admin.fulfilling.bench import ShownParcel, show_parcel
from orders.admin.fulfilling.words import say_goods, show_due, show_state
from orders.admin.routing.words import say_alternatives, say_excluded, say_notes, say_parts
from orders.events import OrderUnroutable
from orders.models import Fulfillment, Order


@dataclass(frozen=True)
class ShownFulfillment:
    fulfillment: Fulfillment
    state: SafeString
    due: SafeString | str
    goods: str
    parcels: list[ShownParcel]


def show_routing(request: HttpRequest, subject: Order) -> str:
    """Nothing for an order that was never on its way to a warehouse."""
    if not request.user.has_perm("orders.view_fulfillment"):
        return ""
    asked = _read_fulfillments(subject)
    if not asked and subject.status != Order.Status.RELEASED:
        return ""
    context = {
        "order": subject,
        "asked": asked,
        **describe_decision(subject),
        **_describe_need(request, subject, asked),
    }
    return render_to_string("orders/admin/order_routing.html", context, request)


def describe_decision(order: Order) -> dict[str, Any]:
    """The one that holds, in sentences."""
    decision = order.routing_decisions.filter(superseded_at=None).select_related("wave").first()
    if decision is None:
        return {"decision": None}
    return {
        "decision": decision,
        "chosen": say_parts(decision),
        "duty_notes": say_notes(decision.parts),
        "alternatives": say_alternatives(decision),
        "excluded": say_excluded(decision),
    }


def _describe_need(request: HttpRequest, order: Order, asked: list[ShownFulfillment]) -> dict[str, Any]:
    """What of it nobody is asked to send yet, and what can be done about it."""
    released = order.status == Order.Status.RELEASED
    waits = released and order.routed_at is None
    stuck = waits and order.route_after is not None
    movable = waits or any(each.fulfillment.status in Fulfillment.LIVE and not _in_hand(each) for each in asked)
    standing = [each for each in asked if each.fulfillment.status != Fulfillment.Status.CANCELLED]
    return {
        "waits": waits and not stuck,
        "partly": bool(standing),
        "shown": bool(standing) or not stuck,
        "stuck": _read_trouble(order) if stuck else None,
        "may_route": released and movable and request.user.has_perm("orders.route_order"),
    }


def _in_hand(each: ShownFulfillment) -> bool:
    return each.fulfillment.is_in_hand


def _read_trouble(order: Order) -> dict[str, Any]:
    """What was said when nobody could send it."""
    told = EventRecord.objects.about("order", order.number).filter(type=OrderUnroutable.type).reverse().first()
    facts = told.facts if told else {}
    reasons = [str(each.get("sentence") or "") for each in facts.get("reasons") or ()]
    nowhere = len(reasons) >= Warehouse.objects.filter(active=True).count()  # then it says nothing that stock is short
    lines = order.lines.filter(sku__in=[] if nowhere else facts.get("missing") or []).order_by("position")
    due = order.route_after is not None and order.route_after <= timezone.now()
    return {"missing": list(lines), "reasons": reasons, "again_at": order.route_after, "due": due}


def _read_fulfillments(order: Order) -> list[ShownFulfillment]:
    """The newest first; their parcels with them."""
    if not order.fulfillment_count:
        return []
    at = timezone.now()
    rows = (
        order.fulfillments.select_related("warehouse")
        .order_by("-sequence")
        .prefetch_related(
            "lines__order_line", "shipments__lines__fulfillment_line__order_line", "shipments__tracking_events"
        )
    )
    return [
        ShownFulfillment(
            each,
            show_state(each),
            show_due(each, at=at) if each.status in Fulfillment.LIVE else "",
            say_goods(each.lines.all(), most=4),
            [show_parcel(parcel) for parcel in sorted(each.shipments.all(), key=lambda one: one.sequence)],
        )
        for each in rows
    ]
