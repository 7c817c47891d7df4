"""A hold on one fulfillment (Shopify: fulfillmentOrderHold): the warehouse must not begin it.

An order that is held is taken back from its warehouses; a fulfillment that is held stays theirs, stock and label too.
"""

from datetime import datetime

from oms import events
from oms.errors import FieldError, Invalid
from oms.transactions import transactional
from oms.writing import update_rows
from orders.actions.fulfilling.accepting import lock_fulfillments
from orders.errors import FulfillmentAccepted, FulfillmentEnded
from orders.events import FulfillmentHeld, FulfillmentHoldReleased
from orders.models import Fulfillment

Status, Request = Fulfillment.Status, Fulfillment.RequestStatus
_HELD = ["status", "held_at", "held_by", "hold_reason", "hold_note", "hands", "version"]


@transactional
def hold_fulfillment(*, number: str, reason: str, note: str = "", by: str, at: datetime) -> Fulfillment:
    """Keep the warehouse from beginning it. Holding it again says why anew; with the same words it is harmless.

    Raises:
        FulfillmentNotFound, FulfillmentEnded.
        FulfillmentAccepted: it is too late; ask for cancellation.
        Invalid: there is no such reason.
    """
    if reason not in Fulfillment.HoldReason.values:
        detail = f"There is no reason {reason}; say one of {', '.join(Fulfillment.HoldReason.values)}."
        raise Invalid(detail, errors=[FieldError("/reason", "unknown_reason", detail)])
    fulfillment, note = lock_waiting(number), note.strip()[:255]
    said = (Status.ON_HOLD, reason, note)
    if (fulfillment.status, fulfillment.hold_reason, fulfillment.hold_note) == said:
        return fulfillment

    if fulfillment.status != Status.ON_HOLD:
        fulfillment.held_at, fulfillment.hands = at, fulfillment.hands + 1
    fulfillment.status, fulfillment.hold_reason, fulfillment.hold_note = said
    fulfillment.held_by, fulfillment.version = by, fulfillment.version + 1
    update_rows([fulfillment], _HELD)
    facts = {
        "fulfillment": number,
        "warehouse": fulfillment.warehouse.code,
        "reason": reason,
        "note": note,
    }
    events.publish([FulfillmentHeld(subject=fulfillment.order.number, by=by, at=at, facts=facts)])
    return fulfillment


@transactional
def release_hold(*, number: str, by: str, at: datetime) -> Fulfillment:
    """It may be begun now, or when it is due. Releasing what nobody holds is harmless.

    Raises:
        FulfillmentNotFound, FulfillmentEnded.
    """
    (fulfillment,) = lock_fulfillments([number])
    if fulfillment.status not in Fulfillment.LIVE:
        raise FulfillmentEnded(number, fulfillment.status)
    if fulfillment.status != Status.ON_HOLD:
        return fulfillment

    fulfillment.held_at, fulfillment.held_by, fulfillment.hold_reason, fulfillment.hold_note = None, "", "", ""
    fulfillment.version += 1
    if fulfillment.fulfill_at is not None and fulfillment.fulfill_at > at:
        fulfillment.status = Status.SCHEDULED
    else:
        fulfillment.open(at=at)
    update_rows([fulfillment], [*_HELD, *Fulfillment.OPENING])
    facts = {
        "fulfillment": number,
        "warehouse": fulfillment.warehouse.code,
        "status": fulfillment.status,
    }
    events.publish([FulfillmentHoldReleased(subject=fulfillment.order.number, by=by, at=at, facts=facts)])
    return fulfillment


def lock_waiting(number: str) -> Fulfillment:
    """The fulfillment, locked with its order: nobody has begun it.

    Raises:
        FulfillmentNotFound, FulfillmentEnded, FulfillmentAccepted.
    """
    (fulfillment,) = lock_fulfillments([number])
    if fulfillment.status not in Fulfillment.LIVE:
        raise FulfillmentEnded(number, fulfillment.status)
    if fulfillment.is_in_hand:
        raise FulfillmentAccepted(number)
    return fulfillment
