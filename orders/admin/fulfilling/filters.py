"""What the warehouse's work list can be narrowed by, and its views."""

from datetime import datetime, timedelta

from django.db.models import Q, QuerySet
from django.http import HttpRequest

from inventory.models import Warehouse
from oms.admin.filters import ChoiceFilter, Choices, between_days, choose
from oms.admin.lists import SavedView
from oms.models import Channel
from orders.admin.order_filters import midnight
from orders.models import CarrierService, Fulfillment

Status, Request = Fulfillment.Status, Fulfillment.RequestStatus

BY_DUE = ("ship_by", "id")
WAITING = (Status.ON_HOLD, Status.SCHEDULED)
ENDED = (Status.CLOSED, Status.INCOMPLETE)


class WarehouseFilter(ChoiceFilter):
    title = "warehouse"
    parameter_name = "warehouse"
    column = "warehouse_id"

    def lookups(self, request: HttpRequest, model_admin: object) -> Choices:
        return [(each.pk, f"{each.code} {each.name}") for each in Warehouse.objects.order_by("priority", "code")]


class FulfillmentChannelFilter(ChoiceFilter):
    title = "channel"
    parameter_name = "channel"
    column = "order__channel_id"

    def lookups(self, request: HttpRequest, model_admin: object) -> Choices:
        return list(Channel.objects.values_list("id", "code"))


class ServiceFilter(ChoiceFilter):
    title = "service"
    parameter_name = "service"
    column = "service_id"

    def lookups(self, request: HttpRequest, model_admin: object) -> Choices:
        return list(CarrierService.objects.order_by("name").values_list("id", "name"))


def live(rows: QuerySet[Fulfillment]) -> QuerySet[Fulfillment]:
    return rows.filter(status__in=Fulfillment.LIVE)


def due_today(rows: QuerySet[Fulfillment], at: datetime) -> QuerySet[Fulfillment]:
    """What is overdue is due today as well."""
    return live(rows).filter(ship_by__lt=midnight(at) + timedelta(days=1))


def overdue(rows: QuerySet[Fulfillment], at: datetime) -> QuerySet[Fulfillment]:
    return live(rows).filter(ship_by__lt=at)


def unanswered(rows: QuerySet[Fulfillment]) -> QuerySet[Fulfillment]:
    """Somebody must say yes or no: a 3PL to the work, anybody to a stop."""
    asked = Q(request_status=Request.SUBMITTED, warehouse__partner=True)
    return live(rows).filter(asked | Q(request_status=Request.CANCELLATION_REQUESTED))


FILTERS = (
    WarehouseFilter,
    choose("status", "status", Status.choices),
    choose("request_status", "request", Request.choices, "request"),
    FulfillmentChannelFilter,
    ServiceFilter,
    between_days("ship_by"),
)

VIEWS = (
    SavedView("todo", "To do", lambda rows, at: live(rows), keyset=BY_DUE),
    SavedView("overdue", "Overdue", overdue, keyset=BY_DUE),
    SavedView("today", "Due today", due_today, keyset=BY_DUE),
    SavedView("answer", "To answer", lambda rows, at: unanswered(rows), keyset=BY_DUE),
    SavedView("waiting", "On hold, for later", lambda rows, at: rows.filter(status__in=WAITING), keyset=BY_DUE),
    SavedView("picked", "Picked", lambda rows, at: live(rows).filter(picked_at__isnull=False), keyset=BY_DUE),
    SavedView("shipped", "Shipped", lambda rows, at: rows.filter(status__in=ENDED)),
    SavedView("cancelled", "Cancelled and rejected", lambda rows, at: rows.filter(status=Status.CANCELLED)),
    SavedView("all", "All"),
)
