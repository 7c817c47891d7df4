"""The list of returns, and the way from it to one of them."""

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
from oms.admin.piecework import LIMIT, ask_and_do
from oms.templatetags.showing import badge, moment
from returns.admin import buttons, export, photos, queue, return_page, set_aside
from returns.admin.deciding import APPROVE, REFUSE
from returns.admin.filters import COUNTED, FILTERS, VIEWS, ScoreFilter
from returns.admin.receiving import bench, deeds, finding
from returns.admin.search import find_the_return, search_returns
from returns.admin.seen import sees_money, user_of
from returns.admin.words import METHODS, say_goods, say_wishes, show_score, show_state
from returns.models import Return, ReturnItem
from returns.queries.access import narrow_to_seen

MOST_COUNTED = 999


class ReturnList(KeysetChangeList):
    def get_results(self, request: HttpRequest) -> None:
        """What "select all" takes: all that match, as far as one go reaches."""
        super().get_results(request)
        self.result_count = min(counting.count_up_to(self.queryset, LIMIT), LIMIT)
        self.full_result_count = self.result_count
        self.seen = narrow_to_seen(Return.objects.all(), user_of(request))

    def url_for_result(self, result: Return) -> str:
        return reverse("admin:returns_return_change", args=[result.number])

    @property
    def tabs(self) -> list[tuple[str, str, bool]]:
        """Those where work waits say how much, in one statement."""
        counted = [view for view in VIEWS if view.name in COUNTED]
        at = timezone.now()
        narrowed = [view.narrow(self.seen, at) for view in counted]
        numbers = dict(zip(counted, counting.count_each_up_to(narrowed, MOST_COUNTED), strict=True))
        return [(_title(view.title, numbers.get(view)), f"?view={view.name}", view == self.view) for view in VIEWS]


def _title(title: str, number: int | None) -> str:
    if not number:
        return title
    said = f"{MOST_COUNTED}+" if number > MOST_COUNTED else str(number)
    return format_html('{} <span class="count">{}</span>', title, said)


@admin.action(description="Approve the selected", permissions=["decide"])
def approve_selected(page: Any, request: HttpRequest, queryset: QuerySet[Return]) -> HttpResponse | None:
    return ask_and_do(request, list(queryset.order_by("requested_at", "id")[: LIMIT + 1]), APPROVE)


@admin.action(description="Refuse the selected", permissions=["decide"])
def refuse_selected(page: Any, request: HttpRequest, queryset: QuerySet[Return]) -> HttpResponse | None:
    return ask_and_do(request, list(queryset.order_by("requested_at", "id")[: LIMIT + 1]), REFUSE)


class ReturnAdmin(ReadOnlyAdmin):
    """Returns change by actions; here they are found, read, decided on and received."""

    title = "Returns"
    nouns = ("return", "returns")
    keyset = ("-requested_at", "-id")
    views = VIEWS
    list_display = ("shown_number", "customer", "goods", "wish", "shown_method", "goes_to", "asked", "score", "state")
    list_display_links = ("shown_number",)
    list_filter = FILTERS
    list_select_related = ("order__customer", "node__warehouse", "abuse_score")
    search_fields = ("number",)
    search_help_text = "Return, order, e-mail, tracking number, SKU"
    list_disable_select_all = False
    actions = (approve_selected, refuse_selected)
    change_list_template = "returns/admin/returns.html"

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[KeysetChangeList]:
        return ReturnList

    def get_queryset(self, request: HttpRequest) -> QuerySet[Return]:
        items = Prefetch("items", ReturnItem.objects.select_related("line", "variant").order_by("id"))
        return narrow_to_seen(super().get_queryset(request), user_of(request)).prefetch_related(items)

    def get_list_display(self, request: HttpRequest) -> Sequence[Any]:
        hidden = () if sees_money(request) else ("customer", "score")
        return [name for name in self.list_display if name not in hidden]

    def get_list_filter(self, request: HttpRequest) -> Sequence[Any]:
        return FILTERS if sees_money(request) else [each for each in FILTERS if each is not ScoreFilter]

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Return], search_term: str
    ) -> tuple[QuerySet[Return], bool]:
        return (search_returns(queryset, search_term) if search_term else queryset), False

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        alone = request.method == "GET" and request.GET.keys() <= {"q", "view"} and request.GET.get("q")
        if alone and self.has_view_permission(request) and (found := find_the_return(alone)):
            return HttpResponseRedirect(reverse("admin:returns_return_change", args=[found.number]))
        context = {"csv": f"{reverse('admin:returns_return_csv')}?{request.GET.urlencode()}"}
        return super().changelist_view(request, context | (extra_context or {}))

    def download_csv(self, request: HttpRequest) -> HttpResponse:
        """The list as it is narrowed, all its pages."""
        if not self.has_view_permission(request):
            return self.changelist_view(request)
        narrowed = self.get_changelist_instance(request).queryset.prefetch_related(None)
        return export.stream_csv(narrowed, with_money=sees_money(request))  # type: ignore[return-value]

    def _is_list(self, request: HttpRequest) -> bool:
        match = request.resolver_match
        return super()._is_list(request) or (match is not None and match.url_name == "returns_return_csv")

    def get_object(self, request: HttpRequest, object_id: str, from_field: str | None = None) -> Return | None:
        return narrow_to_seen(Return.objects.all(), user_of(request)).filter(number=object_id).first()

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        return return_page.show_return(request, object_id)

    def routes(self) -> Sequence[Route]:
        return (
            ("csv/", self.download_csv, "csv"),
            ("review/", queue.review_next, "review"),
            ("review/<str:number>/", queue.review, "review_one"),
            ("receive/", finding.show_door, "receive"),
            ("receive/stray/", deeds.lay_aside, "stray"),
            ("receive/<str:number>/", bench.show_bench, "bench"),
            ("receive/<str:number>/<slug:deed>/", deeds.act, "bench_act"),
            ("<str:number>/photos/<uuid:key>/", photos.show_photo, "photo"),
            ("<str:number>/do/<slug:name>/", buttons.press, "press"),
            ("<str:number>/items/<int:item_id>/finish/", set_aside.finish, "finish"),
        )

    def has_decide_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("returns.decide_return")

    @admin.display(description="Number")
    def shown_number(self, each: Return) -> SafeString:
        kind = "" if each.kind == Return.Kind.RETURN else badge(each.kind.lower(), "cool", each.get_kind_display())
        return format_html('<span class="row-link">{}</span> {}', each.number, kind)

    @admin.display(description="Customer")
    def customer(self, each: Return) -> str:
        name = each.order.customer.name if each.order.customer else ""
        return ", ".join(filter(None, (name or each.email or each.order.email or "–", each.order.country)))

    @admin.display(description="Goods")
    def goods(self, each: Return) -> str:
        return say_goods(each.items.all())

    @admin.display(description="Wish")
    def wish(self, each: Return) -> str:
        return say_wishes(each.items.all())

    @admin.display(description="Comes by")
    def shown_method(self, each: Return) -> str:
        return METHODS.get(each.method, each.method)  # type: ignore[call-overload]

    @admin.display(description="Goes to")
    def goes_to(self, each: Return) -> str:
        return each.node.warehouse.code if each.node else "–"

    @admin.display(description="Asked for")
    def asked(self, each: Return) -> Any:
        return moment(each.requested_at)

    @admin.display(description="Abuse")
    def score(self, each: Return) -> SafeString | str:
        return show_score(each)

    @admin.display(description="State")
    def state(self, each: Return) -> SafeString:
        return show_state(each)
