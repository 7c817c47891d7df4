"""Asking a warehouse to stop what it has accepted, and its answer."""

from collections.abc import Sequence
from datetime import datetime

from oms import events
from oms.transactions import transactional
from oms.writing import update_rows
from orders.actions.fulfilling.accepting import lock_fulfillments, need_way
from orders.actions.fulfilling.withdrawing import end_fulfillments
from orders.errors import CancellationNotAsked, FulfillmentEnded, FulfillmentNotAccepted
from orders.events import CancellationAnswered, CancellationRequested
from orders.models import Fulfillment

Status, Request = Fulfillment.Status, Fulfillment.RequestStatus


@transactional
def request_stop(*, number: str, reason: str, by: str, at: datetime) -> Fulfillment:
    """Ask the warehouse to stop. Asking twice is harmless; one that was not accepted yet is simply taken back.

    Raises:
        FulfillmentNotFound, FulfillmentEnded.
    """
    (fulfillment,) = lock_fulfillments([number])
    if fulfillment.status not in Fulfillment.LIVE:
        raise FulfillmentEnded(number, fulfillment.status)
    if not fulfillment.is_in_hand:
        raise FulfillmentNotAccepted(number, fulfillment.request_status)
    ask_to_stop([fulfillment], reason=reason, by=by, at=at)
    return fulfillment


def ask_to_stop(in_hand: Sequence[Fulfillment], *, reason: str, by: str, at: datetime) -> None:
    """The same for several that are locked, with their orders and warehouses."""
    asked = [each for each in in_hand if each.request_status != Request.CANCELLATION_REQUESTED]
    for each in asked:
        each.request_status, each.reason = Request.CANCELLATION_REQUESTED, reason[:40]
        each.hands, each.version = each.hands + 1, each.version + 1
    update_rows(asked, ["request_status", "reason", "hands", "version"])
    told = []
    for each in asked:
        facts = {"fulfillment": each.number, "warehouse": each.warehouse.code, "reason": reason}
        told.append(CancellationRequested(subject=each.order.number, by=by, at=at, facts=facts))
    events.publish(told)


@transactional
def answer_stop(*, number: str, accepted: bool, note: str = "", by: str, at: datetime) -> Fulfillment:
    """The warehouse could stop it, or could not. What it stopped needs a way again, unless the order is cancelled.

    The same answer twice is harmless.

    Raises:
        FulfillmentNotFound, FulfillmentEnded.
        CancellationNotAsked: nobody asked.
    """
    (fulfillment,) = lock_fulfillments([number])
    answer = Request.CANCELLATION_ACCEPTED if accepted else Request.CANCELLATION_REJECTED
    if fulfillment.request_status == answer:
        return fulfillment
    if fulfillment.status not in Fulfillment.LIVE:
        raise FulfillmentEnded(number, fulfillment.status)
    if fulfillment.request_status != Request.CANCELLATION_REQUESTED:
        raise CancellationNotAsked(number)

    if accepted:
        end_fulfillments([fulfillment], reason=fulfillment.reason, note=note, request_status=answer, by=by, at=at)
        need_way([fulfillment.order_id], at=at)
    else:
        fulfillment.request_status, fulfillment.note = answer, note[:255]
        fulfillment.version += 1
        update_rows([fulfillment], ["request_status", "note", "version"])
    facts = {
        "fulfillment": number,
        "warehouse": fulfillment.warehouse.code,
        "accepted": accepted,
        "note": note,
    }
    events.publish([CancellationAnswered(subject=fulfillment.order.number, by=by, at=at, facts=facts)])
    return fulfillment
