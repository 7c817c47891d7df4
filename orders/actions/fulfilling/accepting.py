"""A warehouse accepts what it is asked to send, or will not."""

from collections.abc import Sequence
from datetime import datetime

from django.db.models import F
from django.db.models.functions import Greatest

from oms import events
from oms.sql import fetch_all
from oms.transactions import transactional
from oms.writing import update_rows
from orders.absences import FulfillmentNotFound
from orders.actions.fulfilling.withdrawing import end_fulfillments
from orders.errors import FulfillmentAccepted, FulfillmentEnded, OrderStillHeld
from orders.events import FulfillmentRejected, FulfillmentTakenOn
from orders.models import Fulfillment, Hold, Order

Status, Request = Fulfillment.Status, Fulfillment.RequestStatus

_LOCK_ORDERS = """
SELECT o.id FROM orders_order o
WHERE o.id IN (SELECT order_id FROM orders_fulfillment WHERE number = ANY(%(numbers)s::text[]))
ORDER BY o.id FOR NO KEY UPDATE
"""


def lock_fulfillments(numbers: Sequence[str]) -> list[Fulfillment]:
    """The fulfillments with their orders and warehouses, in the order of the numbers; orders are locked first, by id.

    Raises:
        FulfillmentNotFound: names the first that is unknown.
    """
    fetch_all(_LOCK_ORDERS, {"numbers": list(numbers)})
    rows = Fulfillment.objects.filter(number__in=numbers).select_related("order", "warehouse").order_by("id")
    found = {each.number: each for each in rows.select_for_update(of=("self",), no_key=True)}
    for number in numbers:
        if number not in found:
            raise FulfillmentNotFound(number)
    return [found[number] for number in dict.fromkeys(numbers)]


@transactional
def accept_fulfillments(*, numbers: Sequence[str], by: str, at: datetime) -> list[Fulfillment]:
    """The warehouse takes them on: all or none. From now on changes have to be asked for. Twice is harmless.

    Raises:
        FulfillmentNotFound.
        FulfillmentEnded: it was taken back, or is done.
        OrderStillHeld: the order was held again; names the reasons.
        FulfillmentOnHold, FulfillmentScheduled: it waits itself.
    """
    found = lock_fulfillments(numbers)
    accept_locked(found, by=by, at=at)
    return found


def accept_locked(found: Sequence[Fulfillment], *, by: str, at: datetime) -> None:
    """The same for those that are locked already, with their orders. What is accepted already is left as it is."""
    fresh = [each for each in found if not each.is_in_hand]
    for each in fresh:
        if each.status not in Fulfillment.LIVE:
            raise FulfillmentEnded(each.number, each.status)
        each.refuse_waiting(at=at)
    _refuse_held(fresh, at=at)

    for each in fresh:
        each.status, each.request_status = Status.IN_PROGRESS, Request.ACCEPTED
        each.accepted_at, each.accepted_by, each.version = at, by, each.version + 1
    update_rows(fresh, ["status", "request_status", "accepted_at", "accepted_by", "version"])
    events.publish([_taken_on(each, by=by, at=at) for each in fresh])


@transactional
def reject_fulfillment(*, number: str, reason: str, note: str = "", by: str, at: datetime) -> Fulfillment:
    """The warehouse will not send it; what it was to send is routed again, to another one. Twice is harmless.

    Raises:
        FulfillmentNotFound, FulfillmentEnded.
        FulfillmentAccepted: it is too late; what is not there is reported as short.
    """
    (fulfillment,) = lock_fulfillments([number])
    if fulfillment.request_status == Request.REJECTED:
        return fulfillment
    if fulfillment.status not in Fulfillment.LIVE:
        raise FulfillmentEnded(number, fulfillment.status)
    if fulfillment.is_in_hand:
        raise FulfillmentAccepted(number)

    end_fulfillments([fulfillment], reason=reason, note=note, request_status=Request.REJECTED, by=by, at=at)
    need_way([fulfillment.order_id], at=at)
    facts = {"fulfillment": number, "warehouse": fulfillment.warehouse.code, "reason": reason, "note": note}
    events.publish([FulfillmentRejected(subject=fulfillment.order.number, by=by, at=at, facts=facts)])
    return fulfillment


def need_way(order_ids: Sequence[int], *, at: datetime) -> None:
    """These locked orders have units that nobody is asked to send: the next wave looks at them."""
    Order.objects.filter(id__in=order_ids).update(
        routed_at=None, route_after=None, version=F("version") + 1, updated_at=Greatest("updated_at", at)
    )


def _refuse_held(fresh: Sequence[Fulfillment], *, at: datetime) -> None:
    held = [each.order for each in fresh if each.order.status == Order.Status.HELD]
    if not held:
        return
    reasons = Hold.objects.filter(order=held[0]).open(at=at)
    raise OrderStillHeld(held[0].number, list(reasons.values_list("reason", flat=True)))


def _taken_on(each: Fulfillment, *, by: str, at: datetime) -> FulfillmentTakenOn:
    facts = {"fulfillment": each.number, "warehouse": each.warehouse.code}
    return FulfillmentTakenOn(subject=each.order.number, by=by, at=at, facts=facts)
