"""What the list of returns can be narrowed by, and its tabs."""

from datetime import datetime
from typing import Any

from django.db.models import Exists, OuterRef, QuerySet
from django.http import HttpRequest

from oms.admin.filters import ChoiceFilter, Choices, between_days, choose
from oms.admin.lists import SavedView
from oms.models import Channel
from returns.choices import Method, Resolution, as_choices
from returns.models import Return, ReturnItem, ReturnNode, ReturnReason

Status = Return.Status


class NodeFilter(ChoiceFilter):
    title = "goes to"
    parameter_name = "node"
    column = "node_id"

    def lookups(self, request: HttpRequest, model_admin: object) -> Choices:
        return [(each.pk, str(each.warehouse)) for each in ReturnNode.objects.select_related("warehouse")]


class ReturnChannelFilter(ChoiceFilter):
    title = "channel"
    parameter_name = "channel"
    column = "order__channel_id"

    def lookups(self, request: HttpRequest, model_admin: object) -> Choices:
        return list(Channel.objects.values_list("id", "code"))


class ItemFilter(ChoiceFilter):
    """Returns of which some item is so."""

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        if not self.value():
            return queryset
        if self.value() not in {str(value) for value, _ in self.lookup_choices}:
            return queryset.none()
        return queryset.filter(Exists(ReturnItem.objects.filter(of=OuterRef("pk"), **{self.column: self.value()})))


class ReasonFilter(ItemFilter):
    title = "reason"
    parameter_name = "reason"
    column = "reason_id"

    def lookups(self, request: HttpRequest, model_admin: object) -> Choices:
        return [(each.pk, str(each)) for each in ReturnReason.objects.all()]


class ResolutionFilter(ItemFilter):
    title = "wish"
    parameter_name = "wish"
    column = "resolution"

    def lookups(self, request: HttpRequest, model_admin: object) -> Choices:
        return as_choices(Resolution)


class ScoreFilter(ChoiceFilter):
    title = "abuse score"
    parameter_name = "score"

    def lookups(self, request: HttpRequest, model_admin: object) -> Choices:
        return [("25", "25 and more"), ("40", "40 and more"), ("60", "60 and more")]

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        least = self.value() or ""
        return queryset.filter(abuse_score__points__gte=int(least)) if least.isdecimal() else queryset


def to_review(rows: QuerySet[Return]) -> QuerySet[Return]:
    return rows.filter(status=Status.REQUESTED)


def awaited(rows: QuerySet[Return]) -> QuerySet[Return]:
    return rows.filter(status=Status.OPEN, moved_at=None, received_at=None)


def on_the_way(rows: QuerySet[Return]) -> QuerySet[Return]:
    return rows.filter(status=Status.OPEN, moved_at__isnull=False, received_at=None)


def to_inspect(rows: QuerySet[Return]) -> QuerySet[Return]:
    return rows.filter(status=Status.OPEN, received_at__isnull=False, inspected_at=None)


def for_a_person(rows: QuerySet[Return]) -> QuerySet[Return]:
    """Inspected, and nobody could say whether to accept it. By the index `return_item_for_a_person`."""
    undecided = ReturnItem.objects.filter(acceptance=ReturnItem.Acceptance.NEEDS_PERSON)
    return rows.filter(status=Status.OPEN, pk__in=undecided.values("of"))


def _view(name: str, title: str, narrow: Any) -> SavedView:
    def narrowed(rows: QuerySet[Return], at: datetime) -> QuerySet[Return]:
        return narrow(rows)

    return SavedView(name, title, narrowed)


FILTERS = (
    choose("status", "status", Status.choices),
    choose("kind", "kind", Return.Kind.choices),
    ReasonFilter,
    ResolutionFilter,
    choose("method", "method", as_choices(Method)),
    NodeFilter,
    ReturnChannelFilter,
    ScoreFilter,
    between_days("requested_at"),
)

COUNTED = {"review", "awaited", "way", "inspect", "person"}
"""The tabs that say how many wait in them."""

VIEWS = (
    SavedView("all", "All"),
    _view("review", "To review", to_review),
    _view("awaited", "Awaited", awaited),
    _view("way", "On their way", on_the_way),
    _view("inspect", "To inspect", to_inspect),
    _view("person", "For a person", for_a_person),
    _view("closed", "Closed", lambda rows: rows.filter(status=Status.CLOSED)),
    _view("declined", "Declined and canceled", lambda rows: rows.filter(status__in=[Status.DECLINED, Status.CANCELED])),
)
