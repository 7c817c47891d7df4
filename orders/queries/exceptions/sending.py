"""Orders that are released and do not leave: no way, no label, a warehouse that will not."""

from datetime import datetime, timedelta
from typing import Any

from django.db.models import Count, Exists, Min, OuterRef, Q, QuerySet, Subquery

from oms.exceptions import ExceptionType, Trouble
from oms.models import EventRecord
from orders.events import (
    CancellationAnswered,
    CancellationRequested,
    FulfillmentRejected,
    FulfillmentShort,
    LabelFailed,
    OrderCancelled,
    OrderHeld,
    OrderUnroutable,
)
from orders.models import Fulfillment, Label, Order
from orders.return_label_events import ReturnLabelBought, ReturnLabelFailed

Status, Request = Fulfillment.Status, Fulfillment.RequestStatus

LABEL_LATE = timedelta(minutes=30)
"""So long carriers may be out of reach before somebody is told."""


def find_unroutable(at: datetime) -> QuerySet[Any]:
    """Released, and the routing has said that there is no way. Its reasons stand in what it announced."""
    said = EventRecord.objects.filter(subject_kind="order", subject=OuterRef("number"), type=OrderUnroutable.type)
    latest = said.order_by("-sequence").values("facts")[:1]
    stuck = Order.objects.filter(
        status=Order.Status.RELEASED, routed_at=None, route_after__isnull=False, released_at__isnull=False, test=False
    )
    return stuck.annotate(said=Subquery(latest))


def _describe_unroutable(order: Any) -> Trouble:
    said = order.said or {}
    sentences = [each["sentence"] for each in said.get("reasons", ()) if each.get("sentence")]
    missing = ", ".join(said.get("missing", ()))
    cause = "No warehouse can send it."
    if missing:
        cause += f" Nowhere on a shelf: {missing}."
    return Trouble("order", order.number, " ".join([cause, *sentences[:3]]), order.released_at, said)


def find_short_picked(at: datetime) -> QuerySet[Fulfillment]:
    """A shelf was emptier than it should be, and what was missing has no other way yet."""
    stuck = Fulfillment.objects.filter(
        status=Status.INCOMPLETE, order__status=Order.Status.RELEASED, order__routed_at=None
    )
    later = Fulfillment.objects.filter(order=OuterRef("order"), sequence__gt=OuterRef("sequence"))
    return _with_names(stuck.filter(~Exists(later)))


def _describe_short_picked(fulfillment: Fulfillment) -> Trouble:
    cause = f"{fulfillment.warehouse.code} did not find all of it on the shelf, and nobody else has the rest."
    return _about(fulfillment, cause, fulfillment.closed_at or fulfillment.made_at)


def find_rejected_twice(at: datetime) -> QuerySet[Any]:
    """Two warehouses have refused the order, and it has not left."""
    rejected = Q(fulfillments__request_status=Request.REJECTED)
    refused = Fulfillment.objects.filter(request_status=Request.REJECTED).values("order")
    twice = Order.objects.filter(id__in=refused, status=Order.Status.RELEASED, fulfillment_status="UNFULFILLED")
    counted = twice.annotate(
        refusals=Count("fulfillments", filter=rejected), first=Min("fulfillments__made_at", filter=rejected)
    )
    return counted.filter(refusals__gte=2)


def _describe_rejected(order: Any) -> Trouble:
    cause = f"Warehouses have rejected it {order.refusals} times. Ask them why before it is sent round again."
    return Trouble("order", order.number, cause, order.first, {"rejections": order.refusals})


def find_unlabelled(at: datetime) -> QuerySet[Label]:
    """A carrier refused, or has been out of reach for long, and the parcel has no other label."""
    newer = Label.objects.filter(fulfillment=OuterRef("fulfillment"), id__gt=OuterRef("pk"))
    refused = Q(state=Label.State.REFUSED) & ~Exists(newer)
    late = Q(state=Label.State.WANTED, attempts__gt=0, wanted_at__lte=at - LABEL_LATE)
    found = Label.objects.filter(refused | late, fulfillment__status__in=Fulfillment.LIVE)
    return found.select_related("fulfillment__order", "fulfillment__warehouse")


def _describe_unlabelled(label: Label) -> Trouble:
    refused = label.state == Label.State.REFUSED
    said = label.last_error or "the carrier does not say why."
    cause = f"{'No carrier takes it' if refused else 'Carriers cannot be reached'}: {said}"
    assert label.fulfillment is not None, "it is found by it"
    return _about(label.fulfillment, cause, label.wanted_at, label=label.pk)


def find_unlabelled_back(at: datetime) -> QuerySet[Label]:
    """The same of what is to come back: a customer waits for a label that nobody sells."""
    newer = Label.objects.filter(rma=OuterRef("rma"), id__gt=OuterRef("pk"))
    refused = Q(state=Label.State.REFUSED) & ~Exists(newer)
    late = Q(state=Label.State.WANTED, attempts__gt=0, wanted_at__lte=at - LABEL_LATE)
    return Label.objects.exclude(rma="").filter(refused | late).select_related("order")


def _describe_unlabelled_back(label: Label) -> Trouble:
    refused = label.state == Label.State.REFUSED
    said = label.last_error or "the carrier does not say why."
    cause = f"No label for return {label.rma}: {'nobody takes it' if refused else 'carriers are silent'}. {said}"
    return Trouble("order", label.its_order.number, cause, label.wanted_at, {"return": label.rma})


def find_asked_to_stop(at: datetime) -> QuerySet[Fulfillment]:
    """We have asked the warehouse to stop, and it has not said whether it could."""
    return _with_names(Fulfillment.objects.live().filter(request_status=Request.CANCELLATION_REQUESTED))


def _describe_asked_to_stop(fulfillment: Fulfillment) -> Trouble:
    cause = f"{fulfillment.warehouse.code} is asked to stop and has not answered. Ring them before it leaves."
    return _about(fulfillment, cause, fulfillment.accepted_at or fulfillment.made_at)


def find_past_cut_off(at: datetime) -> QuerySet[Fulfillment]:
    """The van it was meant for has left."""
    return _with_names(Fulfillment.objects.live().filter(ship_by__lt=at, order__test=False))


def _describe_past_cut_off(fulfillment: Fulfillment) -> Trouble:
    assert fulfillment.ship_by is not None, "it is found by it"
    at_work = {Status.OPEN: "has not begun it", Status.SCHEDULED: "has it for later"}
    said = f"the warehouse {at_work.get(Status(fulfillment.status), 'works on it')}."
    if fulfillment.status == Status.ON_HOLD:
        said = f"{fulfillment.held_by} holds it: {fulfillment.get_hold_reason_display()}. Release it, or cancel it."
    cause = f"It should have left {fulfillment.warehouse.code} by its cut-off; {said}"
    return _about(fulfillment, cause, fulfillment.ship_by)


def _with_names(found: QuerySet[Fulfillment]) -> QuerySet[Fulfillment]:
    return found.select_related("order", "warehouse")


def _about(fulfillment: Fulfillment, cause: str, since: datetime, **facts: Any) -> Trouble:
    named = {"fulfillment": fulfillment.number, "warehouse": fulfillment.warehouse.code}
    return Trouble("order", fulfillment.order.number, cause, since, named | facts)


# What happens to every order is not heard here: the sweep of each minute closes what went well.
_STOPPED = (OrderCancelled, OrderHeld)

SENDING = (
    ExceptionType(
        code="no_route",
        title="No way to send it",
        hours=2,
        find=find_unroutable,
        describe=_describe_unroutable,
        heard=(OrderUnroutable, *_STOPPED),
    ),
    ExceptionType(
        code="short_pick",
        title="Short on the shelf",
        hours=2,
        find=find_short_picked,
        describe=_describe_short_picked,
        heard=(FulfillmentShort, *_STOPPED),
    ),
    ExceptionType(
        code="rejected",
        title="Rejected twice",
        hours=4,
        find=find_rejected_twice,
        describe=_describe_rejected,
        heard=(FulfillmentRejected, *_STOPPED),
        dismissible=True,
    ),
    ExceptionType(
        code="carrier",
        title="Carrier refused",
        hours=2,
        find=find_unlabelled,
        describe=_describe_unlabelled,
        heard=(LabelFailed, *_STOPPED),
    ),
    ExceptionType(
        code="return_label",
        title="No return label",
        hours=4,
        find=find_unlabelled_back,
        describe=_describe_unlabelled_back,
        heard=(ReturnLabelFailed, ReturnLabelBought),
    ),
    ExceptionType(
        code="stopping",
        title="Asked to stop, no answer",
        hours=1,
        find=find_asked_to_stop,
        describe=_describe_asked_to_stop,
        heard=(CancellationRequested, CancellationAnswered),
    ),
    ExceptionType(
        code="cut_off_missed",
        title="Cut-off missed",
        hours=4,
        find=find_past_cut_off,
        describe=_describe_past_cut_off,
        heard=_STOPPED,
        dismissible=True,
    ),
)
