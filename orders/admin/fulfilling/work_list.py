"""The warehouse's work list: what is to be packed, by when, and what became of the rest."""

from collections.abc import Sequence
from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString

from oms.admin import counting
from oms.admin.lists import KeysetChangeList, ReadOnlyAdmin, Route
from oms.admin.piecework import LIMIT
from oms.templatetags.showing import badge
from orders.admin.fulfilling import bench, bulk, deeds, papers
from orders.admin.fulfilling.filters import FILTERS, VIEWS
from orders.admin.fulfilling.search import find_the_fulfillment, search_fulfillments
from orders.admin.fulfilling.words import say_goods, show_due, show_state
from orders.models import Fulfillment


class WorkList(KeysetChangeList):
    def get_results(self, request: HttpRequest) -> None:
        """What "select all" takes: all that match, as far as one go reaches."""
        super().get_results(request)
        self.result_count = min(counting.count_up_to(self.queryset, LIMIT), LIMIT)
        self.full_result_count = self.result_count

    def url_for_result(self, result: Fulfillment) -> str:
        return reverse("admin:orders_fulfillment_change", args=[result.number])


class FulfillmentAdmin(ReadOnlyAdmin):
    """Fulfillments change by actions; here they are found, opened at the bench, and done by the dozen."""

    title = "Fulfillments"
    nouns = ("fulfillment", "fulfillments")
    views = VIEWS
    list_display = ("shown_number", "due", "warehouse", "goods", "goes_to", "service", "channel", "state")
    list_display_links = ("shown_number",)
    list_filter = FILTERS
    list_select_related = ("order__channel", "warehouse", "service", "address")
    search_fields = ("number",)
    search_help_text = "Number, order, SKU, tracking number"
    list_disable_select_all = False
    actions = (
        papers.print_list,
        papers.print_packing,
        bulk.accept_selected,
        bulk.ship_selected,
        bulk.reject_selected,
    )
    change_list_template = "orders/admin/fulfillments.html"

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[KeysetChangeList]:
        return WorkList

    def get_queryset(self, request: HttpRequest) -> QuerySet[Fulfillment]:
        return super().get_queryset(request).prefetch_related("lines__order_line")

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Fulfillment], search_term: str
    ) -> tuple[QuerySet[Fulfillment], bool]:
        return (search_fulfillments(queryset, search_term) if search_term else queryset), False

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        alone = request.method == "GET" and request.GET.keys() <= {"q", "view"} and request.GET.get("q")
        if alone and self.has_view_permission(request) and (found := find_the_fulfillment(alone)):
            return HttpResponseRedirect(reverse("admin:orders_fulfillment_change", args=[found.number]))
        return super().changelist_view(request, extra_context)

    def get_object(self, request: HttpRequest, object_id: str, from_field: str | None = None) -> Fulfillment | None:
        return Fulfillment.objects.filter(number=object_id).first()

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        return bench.show_bench(request, object_id)

    def routes(self) -> Sequence[Route]:
        return (
            ("recognize/", deeds.recognize, "recognize"),
            ("<str:number>/pick/", deeds.pick, "pick"),
            ("<str:number>/scan/", deeds.scan, "scan"),
            ("<str:number>/short/", deeds.report_missing, "short"),
            ("<str:number>/ship/", deeds.ship, "ship"),
            ("<str:number>/print/<slug:paper>/", papers.print_paper, "print"),
            ("<str:number>/do/<slug:name>/", deeds.press, "press"),
        )

    def has_work_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("orders.work_fulfillment")

    def has_reject_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("orders.reject_fulfillment")

    @admin.display(description="Number")
    def shown_number(self, each: Fulfillment) -> SafeString:
        test = badge("test", "warm") if each.order.test else ""
        return format_html('<span class="row-link">{}</span> {}', each.number, test)

    @admin.display(description="Leaves by")
    def due(self, each: Fulfillment) -> SafeString | str:
        return show_due(each, at=timezone.now())

    @admin.display(description="Goods")
    def goods(self, each: Fulfillment) -> str:
        return say_goods(each.lines.all())

    @admin.display(description="Goes to")
    def goes_to(self, each: Fulfillment) -> str:
        if each.address is None:
            return "–"
        return ", ".join(filter(None, (each.address.name or each.address.company, each.address.country)))

    @admin.display(description="Channel")
    def channel(self, each: Fulfillment) -> str:
        return each.order.channel.code

    @admin.display(description="State")
    def state(self, each: Fulfillment) -> SafeString:
        return show_state(each)
