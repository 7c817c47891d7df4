"""What the order list can be narrowed by, and its saved views."""

from datetime import date, datetime
from typing import cast

from django.db.models import Exists, F, OuterRef, QuerySet
from django.http import HttpRequest
from django.utils import timezone

from oms.admin.counting import list_distinct
from oms.admin.filters import ChoiceFilter, Choices, WordFilter, between_days, choose
from oms.admin.lists import SavedView
from oms.models import Channel
from orders.models import Hold, Order
from orders.models.order import OrderQuerySet
from orders.queries.touch_free import find_sent_on, find_touched, find_untouched


class ChannelFilter(ChoiceFilter):
    title = "channel"
    parameter_name = "channel"
    column = "channel_id"

    def lookups(self, request: HttpRequest, model_admin: object) -> Choices:
        return list(Channel.objects.values_list("id", "code"))


class HeldForFilter(ChoiceFilter):
    title = "held for"
    parameter_name = "held_for"

    def lookups(self, request: HttpRequest, model_admin: object) -> Choices:
        return Hold.Reason.choices

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        return held_for(queryset, self.value(), timezone.now()) if self.value() else queryset


class CountryFilter(ChoiceFilter):
    """The countries that orders went to, and no others."""

    title = "country"
    parameter_name = "country"
    column = "country"

    def lookups(self, request: HttpRequest, model_admin: object) -> Choices:
        return [(code, code) for code in list_distinct(Order, "country") if code]


class TagFilter(WordFilter):
    title = "tag"
    parameter_name = "tag"

    def narrow(self, queryset: QuerySet, word: str) -> QuerySet:
        return cast(OrderQuerySet, queryset).tagged(word)


class MismatchFilter(ChoiceFilter):
    title = "totals"
    parameter_name = "totals"

    def lookups(self, request: HttpRequest, model_admin: object) -> Choices:
        return [("mismatch", "do not add up")]

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        return mismatched(queryset) if self.value() else queryset


class HandsFilter(ChoiceFilter):
    """What went out by itself, or what somebody had a hand on."""

    title = "hands"
    parameter_name = "hands"

    def lookups(self, request: HttpRequest, model_admin: object) -> Choices:
        return [("1", "by hand"), ("0", "by itself")]

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        narrow = {"1": find_touched, "0": find_untouched}.get(self.value() or "")
        return narrow(queryset) if narrow else queryset


class SentOnFilter(WordFilter):
    """The day on which the last parcel left, or the first and the last such day; what is no day finds nothing."""

    title = "sent on (2026-11-30, or 2026-11-01..2026-11-30)"
    parameter_name = "sent_on"

    def narrow(self, queryset: QuerySet, word: str) -> QuerySet:
        first, _, last = word.partition("..")
        try:
            return find_sent_on(queryset, date.fromisoformat(first), date.fromisoformat(last or first))
        except (ValueError, OverflowError):
            return queryset.none()


def held_for(queryset: QuerySet, reason: str, at: datetime) -> QuerySet:
    return queryset.filter(Exists(Hold.objects.open(at=at).filter(order=OuterRef("pk"), reason=reason)))


def mismatched(queryset: QuerySet) -> QuerySet:
    """In the words of the index `order_totals_mismatch`."""
    return queryset.filter(stated_total__isnull=False).exclude(stated_total=F("total"))


def unroutable(queryset: QuerySet) -> QuerySet:
    """Released, and no warehouse can send all of it."""
    return queryset.filter(status=Order.Status.RELEASED, routed_at=None, route_after__isnull=False)


FILTERS = (
    choose("status", "status", Order.Status.choices),
    ChannelFilter,
    choose("financial_status", "payment", Order.FinancialStatus.choices, "financial"),
    choose("fulfillment_status", "fulfillment", Order.FulfillmentStatus.choices, "fulfillment"),
    HeldForFilter,
    between_days("placed_at"),
    CountryFilter,
    TagFilter,
    MismatchFilter,
    HandsFilter,
    SentOnFilter,
    choose("test", "test orders", [("1", "only test orders"), ("0", "without test orders")]),
)

VIEWS = (
    SavedView("all", "All"),
    SavedView("held", "Held", lambda orders, at: orders.filter(status=Order.Status.HELD)),
    SavedView("short", "Stock short", lambda orders, at: held_for(orders, Hold.Reason.STOCK_SHORT, at)),
    SavedView("mismatch", "Totals mismatch", lambda orders, at: held_for(orders, Hold.Reason.TOTALS_MISMATCH, at)),
    SavedView("payment", "Waiting for payment", lambda orders, at: held_for(orders, Hold.Reason.PAYMENT, at)),
    SavedView("unrouted", "Nobody can send", lambda orders, at: unroutable(orders)),
    SavedView("released", "Released today", lambda orders, at: orders.filter(released_at__gte=midnight(at))),
)


def midnight(at: datetime) -> datetime:
    """When the shop's day began."""
    return timezone.localtime(at).replace(hour=0, minute=0, second=0, microsecond=0)
