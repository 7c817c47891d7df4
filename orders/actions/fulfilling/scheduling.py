"""Fulfillments for later (Shopify: SCHEDULED): nobody is asked to send them before a moment."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from oms import events
from oms.errors import FieldError, Invalid
from oms.transactions import run_transaction, transactional
from oms.writing import update_rows
from orders.actions.fulfilling.accepting import lock_fulfillments
from orders.actions.fulfilling.holding_back import lock_waiting
from orders.actions.shipping.discarding import discard_labels
from orders.events import FulfillmentDeferred, FulfillmentOpened
from orders.models import Fulfillment
from orders.policies.shipping.shopping import add_working_days
from orders.policies.windows.cut_offs import next_cut_off
from orders.queries.routing.terrain import cut_off_of

Status, Request = Fulfillment.Status, Fulfillment.RequestStatus
_LATER = ["status", "request_status", "requested_at", "fulfill_at", "ship_by", "deliver_by", "version"]


@transactional
def schedule_fulfillment(*, number: str, until: datetime, by: str, at: datetime) -> Fulfillment:
    """Not before `until`: it leaves by the first van after that. The units stay where they are; a label that was
    bought goes back, another one is bought when it opens. The same moment twice is harmless.

    Raises:
        FulfillmentNotFound, FulfillmentEnded, FulfillmentAccepted.
        FulfillmentOnHold: release the hold first.
        Invalid: that moment is over.
    """
    if until <= at:
        detail = "A moment that is over is none to wait for."
        raise Invalid(detail, errors=[FieldError("/fulfill_at", "in_the_past", detail)])
    fulfillment = lock_waiting(number)
    fulfillment.refuse_on_hold()
    if fulfillment.status == Status.SCHEDULED and fulfillment.fulfill_at == until:
        return fulfillment

    fulfillment.status, fulfillment.fulfill_at = Status.SCHEDULED, until
    fulfillment.request_status, fulfillment.requested_at = Request.UNSUBMITTED, None
    fulfillment.version += 1
    _plan_van(fulfillment, after=until)
    update_rows([fulfillment], _LATER)
    discard_labels([fulfillment.pk], by=by, at=at)
    facts = {
        "fulfillment": number,
        "warehouse": fulfillment.warehouse.code,
        "fulfill_at": until.isoformat(),
        "ship_by": fulfillment.ship_by and fulfillment.ship_by.isoformat(),
    }
    events.publish([FulfillmentDeferred(subject=fulfillment.order.number, by=by, at=at, facts=facts)])
    return fulfillment


@transactional
def open_fulfillment(*, number: str, by: str, at: datetime) -> Fulfillment:
    """Do not wait any longer (Shopify: fulfillmentOrderOpen). Opening what is open, or begun, is harmless.

    Raises:
        FulfillmentNotFound, FulfillmentEnded.
        FulfillmentOnHold: release the hold first.
    """
    (fulfillment,) = lock_fulfillments([number])
    if fulfillment.is_in_hand:
        return fulfillment
    fulfillment = lock_waiting(number)
    fulfillment.refuse_on_hold()
    _open([fulfillment], by=by, at=at)
    return fulfillment


def open_due_fulfillments(*, at: datetime, limit: int) -> int:
    """Open those that are due, the longest waiting first; how many were looked at."""
    due = Fulfillment.objects.filter(status=Status.SCHEDULED, fulfill_at__lte=at).order_by("fulfill_at", "id")
    numbers = list(due.values_list("number", flat=True)[:limit])
    if numbers:
        run_transaction(lambda: _open(_still_due(numbers, at=at), by="system", at=at))
    return len(numbers)


def _still_due(numbers: Sequence[str], *, at: datetime) -> list[Fulfillment]:
    return [each for each in lock_fulfillments(numbers) if each.fulfill_at is not None and each.fulfill_at <= at]


def _open(found: Sequence[Fulfillment], *, by: str, at: datetime) -> None:
    opening = [each for each in found if each.status == Status.SCHEDULED]
    for each in opening:
        each.open(at=at)
        each.fulfill_at = min(each.fulfill_at or at, at)
        each.version += 1
        _plan_van(each, after=at)
    update_rows(opening, _LATER)
    events.publish([_opened(each, by=by, at=at) for each in opening])


def _plan_van(fulfillment: Fulfillment, *, after: datetime) -> None:
    """The first van after that moment; the customer has it as many days later or earlier as the van leaves."""
    planned = next_cut_off([cut_off_of(fulfillment.warehouse)], after=after) or after
    if fulfillment.deliver_by is not None and fulfillment.ship_by is not None:
        arrives = fulfillment.deliver_by + (planned - fulfillment.ship_by)
        day = add_working_days(arrives.date() - timedelta(days=1), 1)
        fulfillment.deliver_by = datetime.combine(day, arrives.timetz())
    fulfillment.ship_by = planned


def _opened(each: Fulfillment, *, by: str, at: datetime) -> FulfillmentOpened:
    facts = {
        "fulfillment": each.number,
        "warehouse": each.warehouse.code,
        "ship_by": each.ship_by and each.ship_by.isoformat(),
    }
    return FulfillmentOpened(subject=each.order.number, by=by, at=at, facts=facts)
