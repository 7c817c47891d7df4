"""What stands about a fulfillment in lists and on its page: its state, when it is due, what is in it."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.utils.html import format_html
from django.utils.safestring import SafeString

from oms.quantities import plain
from oms.templatetags.showing import badge, badges, clock, exact, say_when
from orders.models import Fulfillment, FulfillmentLine, Shipment

Status, Request = Fulfillment.Status, Fulfillment.RequestStatus

SOON = timedelta(hours=2)
_TONES = {
    Request.SUBMITTED: "warm",
    Request.ACCEPTED: "cool",
    Request.REJECTED: "bad",
    Request.CANCELLATION_REQUESTED: "bad",
    Request.CANCELLATION_REJECTED: "warm",
}
_PARCEL_TONES = {
    Shipment.Status.DELIVERED: "good",
    Shipment.Status.DELAYED: "warm",
    Shipment.Status.ATTEMPTED_DELIVERY: "warm",
    Shipment.Status.FAILURE: "bad",
    Shipment.Status.RETURNED: "bad",
}


def show_state(each: Fulfillment) -> SafeString:
    """One badge where one says it all, two where somebody has to answer."""
    if each.request_status == Request.REJECTED:
        return badge("rejected", "bad")
    if each.status in (Status.CLOSED, Status.INCOMPLETE, Status.CANCELLED):
        return badge(*_say_ended(each))
    if each.request_status == Request.ACCEPTED:
        return badge("picked", "good") if each.picked_at else badge("being picked", "cool")
    if each.request_status == Request.SUBMITTED and each.status == Status.OPEN and not each.warehouse.partner:
        return badge("to pick", "warm")
    if each.status == Status.ON_HOLD:
        return badge(f"on hold: {each.get_hold_reason_display()}", "bad")
    if each.status == Status.SCHEDULED and each.fulfill_at is not None:
        return badge(f"from {clock(each.fulfill_at)}", "mute")
    states = [(each.get_request_status_display(), _TONES.get(Request(each.request_status), "mute"))]
    return badges(states)


def _say_ended(each: Fulfillment) -> tuple[str, str]:
    """Words and colour."""
    if each.status == Status.CLOSED:
        return "shipped", "good"
    return ("shipped short", "warm") if each.status == Status.INCOMPLETE else ("cancelled", "mute")


def show_due(each: Fulfillment, *, at: datetime) -> SafeString | str:
    """ "in 3 h", "2 h overdue": only what is still to leave can be late."""
    if each.ship_by is None:
        return "–"
    if each.status not in Fulfillment.LIVE:
        return format_html(
            '<span class="soft" title="{}">{}</span>', exact(each.ship_by), say_when(each.ship_by, now=at)
        )
    late = at - each.ship_by
    if late > timedelta(0):
        said, tone = f"{say_span(late)} overdue", "bad"
    else:
        said, tone = say_when(each.ship_by, now=at), "warm" if -late < SOON else "mute"
    return format_html('<span class="badge badge-{}" title="{}">{}</span>', tone, exact(each.ship_by), said)


def say_span(gap: timedelta) -> str:
    """ "40 min", "3 h", "2 days" """
    minutes = max(1, round(gap / timedelta(minutes=1)))
    if minutes < 60:
        return f"{minutes} min"
    hours = round(minutes / 60)
    return f"{hours} h" if hours < 36 else f"{round(hours / 24)} days"


def say_goods(lines: Iterable[FulfillmentLine], *, most: int = 2) -> str:
    """ "2 × TEE-M-BLK, 1 × MUG and 3 more" """
    kept = list(lines)
    shown = [f"{plain(line.quantity)} × {line.order_line.sku or line.order_line.title}" for line in kept[:most]]
    more = f" and {len(kept) - most} more" if len(kept) > most else ""
    return ", ".join(shown) + more


def say_grams(grams: int | None) -> str:
    """ "850 g", "12.4 kg" """
    if grams is None:
        return "–"
    return f"{grams} g" if grams < 1000 else f"{grams / 1000:.3g} kg"


def show_parcel_state(parcel: Shipment) -> SafeString:
    return badge(parcel.get_status_display(), _PARCEL_TONES.get(Shipment.Status(parcel.status), "cool"))
