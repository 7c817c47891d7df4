"""The order list, and the way from it to an order."""

from collections.abc import Sequence
from typing import Any

from django.contrib import admin
from django.db.models import Prefetch, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString

from oms.admin import counting
from oms.admin.lists import KeysetChangeList, ReadOnlyAdmin, Route
from oms.templatetags.showing import badge, badges, clock, moment, money
from orders.admin import bulk, edit_form, new_order, order_buttons, order_page
from orders.admin.order_filters import FILTERS, VIEWS
from orders.admin.order_search import find_the_order, search_orders
from orders.admin.routing import override
from orders.models import Hold, Order


class OrderList(KeysetChangeList):
    def get_results(self, request: HttpRequest) -> None:
        """What "select all" takes: all that match, as far as one go reaches."""
        super().get_results(request)
        self.result_count = min(counting.count_up_to(self.queryset, bulk.LIMIT), bulk.LIMIT)
        self.full_result_count = self.result_count

    @property
    def order(self) -> Sequence[str]:
        return self.queryset.newest

    def url_for_result(self, result: Order) -> str:
        return reverse("admin:orders_order_change", args=[result.number])


class OrderAdmin(ReadOnlyAdmin):
    """Orders change by actions; here they are found, read, and told what to do."""

    title = "Orders"
    nouns = ("order", "orders")
    keyset = ("-placed_at", "-id")
    views = VIEWS
    list_display = (
        "shown_number",
        "channel",
        "placed",
        "shown_customer",
        "shown_status",
        "payment",
        "open_holds",
        "shown_total",
    )
    list_display_links = ("shown_number",)
    list_filter = FILTERS
    list_select_related = ("channel", "customer", "shipping_address")
    search_fields = ("number",)
    search_help_text = "Number, e-mail, SKU, channel's number or id"
    list_disable_select_all = False
    actions = (bulk.hold_orders, bulk.release_orders, bulk.cancel_orders)

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[KeysetChangeList]:
        return OrderList

    def get_queryset(self, request: HttpRequest) -> QuerySet[Order]:
        open_holds = Hold.objects.open(at=timezone.now()).order_by("opened_at", "id")
        return super().get_queryset(request).prefetch_related(Prefetch("holds", open_holds, to_attr="holds_now"))

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Order], search_term: str
    ) -> tuple[QuerySet[Order], bool]:
        return (search_orders(queryset, search_term) if search_term else queryset), False

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        alone = request.method == "GET" and request.GET.keys() <= {"q", "view"} and request.GET.get("q")
        if alone and self.has_view_permission(request) and (order := find_the_order(alone)):
            return HttpResponseRedirect(reverse("admin:orders_order_change", args=[order.number]))
        return super().changelist_view(request, extra_context)

    def get_object(self, request: HttpRequest, object_id: str, from_field: str | None = None) -> Order | None:
        return Order.objects.filter(number=object_id).first()

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        return order_page.show_order(request, object_id)

    def routes(self) -> Sequence[Route]:
        return (
            ("new/", new_order.place_order_by_staff, "new"),
            ("new/skus/", new_order.suggest_skus, "skus"),
            ("<str:number>/timeline/", order_page.show_older_events, "timeline"),
            ("<str:number>/edit/", edit_form.edit_by_staff, "edit"),
            ("<str:number>/route/", override.route_otherwise, "route"),
            ("<str:number>/route-again/", override.route_again, "route_again"),
            ("<str:number>/holds/<int:hold_id>/lift/", order_buttons.lift, "lift"),
            ("<str:number>/do/<slug:name>/", order_buttons.press, "press"),
        )

    def has_hold_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("orders.hold_order")

    def has_release_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("orders.release_order")

    def has_cancel_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("orders.cancel_order")

    @admin.display(description="Number")
    def shown_number(self, order: Order) -> SafeString:
        test = badge("test", "warm") if order.test else ""
        return format_html('<span class="row-link">{}</span> {}', order.number, test)

    @admin.display(description="Placed")
    def placed(self, order: Order) -> Any:
        return moment(order.placed_at)

    @admin.display(description="Customer")
    def shown_customer(self, order: Order) -> str:
        address = order.shipping_address.name if order.shipping_address else ""
        name = address or (order.customer.name if order.customer else "") or order.email or "–"
        return f"{name}, {order.country}" if order.country else name

    @admin.display(description="Status")
    def shown_status(self, order: Order) -> SafeString:
        """With what has left of it, once anything has."""
        states = [(order.get_status_display(), order.status)]
        if order.fulfillment_status != Order.FulfillmentStatus.UNFULFILLED:
            states.append((order.get_fulfillment_status_display(), order.fulfillment_status))
        return badges(states)

    @admin.display(description="Payment")
    def payment(self, order: Order) -> SafeString:
        return badge(order.get_financial_status_display(), order.financial_status)

    @admin.display(description="Held for", empty_value="")
    def open_holds(self, order: Any) -> SafeString:
        return badges((_say_hold(hold), hold.reason) for hold in order.holds_now)

    @admin.display(description="Total")
    def shown_total(self, order: Order) -> Any:
        return money(order.total, order.currency)


def _say_hold(hold: Hold) -> str:
    reason = hold.get_reason_display()
    return f"{reason} until {clock(hold.until)}" if hold.until else reason
