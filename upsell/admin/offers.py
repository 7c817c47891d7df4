"""The list of offers: what was made for whom, where it was shown, and what became of it."""

from collections.abc import Sequence
from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, StreamingHttpResponse
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from inventory.models import Variant
from oms.admin.filters import between_days, choose
from oms.admin.lists import ReadOnlyAdmin, Route, SavedView
from oms.money import Money, round_amount
from oms.templatetags.showing import badge, moment
from orders.models import Order
from upsell.admin.csv_rows import stream_rows
from upsell.admin.exclusion_words import say_because
from upsell.admin.words import PLACE_CHOICES, PLACES
from upsell.choices import Placement
from upsell.models import Campaign, Offer

State = Offer.State
TONES = {
    State.OPEN: "cool",
    State.AWAITING_PAYMENT: "warm",
    State.ACCEPTED: "good",
    State.REFUSED: "bad",
    State.EXPIRED: "mute",
    State.WITHDRAWN: "mute",
}
VIEWS = (
    SavedView("all", "All"),
    SavedView("open", "Open", lambda offers, at: offers.filter(state=State.OPEN)),
    SavedView("accepted", "Accepted", lambda offers, at: offers.filter(state=State.ACCEPTED)),
    SavedView("waiting", "Waiting for payment", lambda offers, at: offers.filter(state=State.AWAITING_PAYMENT)),
    SavedView("refused", "Refused", lambda offers, at: offers.filter(state=State.REFUSED)),
)
MOST = 100_000
AT_ONCE = 1000
COLUMNS = (
    *("offer", "order", "campaign", "contents", "state", "made_at", "shown_in", "seen_in", "currency", "price"),
    *("saving", "accepted_at", "accepted_through", "kept", "net_revenue", "net_margin"),
)


class CampaignFilter(choose("campaign_id", "campaign", ())):  # type: ignore[misc]
    """The names are known only when somebody asks."""

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[int, str]]:
        return list(Campaign.objects.order_by("name").values_list("id", "name"))


class OfferAdmin(ReadOnlyAdmin):
    """Offers change by actions; here they are found and read."""

    title = "Offers"
    nouns = ("offer", "offers")
    keyset = ("-made_at", "-id")
    views = VIEWS
    list_display = ("goods", "order_link", "campaign", "shown_price", "shown_in", "became", "net", "made")
    list_display_links = None
    list_filter = (
        CampaignFilter,
        choose("state", "state", State.choices),
        choose("showings__placement", "shown in", PLACE_CHOICES, "shown_in"),
        between_days("made_at"),
    )
    list_select_related = ("order", "campaign")
    search_fields = ("id",)
    search_help_text = "Order number or SKU"
    change_list_template = "upsell/admin/offers.html"

    def routes(self) -> Sequence[Route]:
        return [("csv/", self.download_csv, "csv")]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Offer]:
        return super().get_queryset(request).prefetch_related("items__variant__product", "showings")

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Offer], search_term: str
    ) -> tuple[QuerySet[Offer], bool]:
        """By order, else by SKU; each by an index."""
        word = search_term.strip()
        if not word or "\x00" in word:
            return queryset, False
        if order := Order.objects.filter(number=word.lstrip("#")).first():
            return queryset.filter(order=order), False
        variant = Variant.objects.filter(sku__in=[word, word.upper()]).first()
        return queryset.filter(items__variant=variant) if variant else queryset.none(), False

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        link = reverse("admin:upsell_offer_csv")
        return super().changelist_view(request, {"csv": f"{link}?{request.GET.urlencode()}", **(extra_context or {})})

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """An offer is read on its order's page."""
        offer = self.get_object(request, object_id)
        number = offer.order.number if offer else ""
        link = (
            reverse("admin:orders_order_change", args=[number]) if number else reverse("admin:upsell_offer_changelist")
        )
        return HttpResponseRedirect(link)

    def download_csv(self, request: HttpRequest) -> HttpResponse:
        """The list as it is narrowed, all its pages."""
        if not self.has_view_permission(request):
            return self.changelist_view(request)
        narrowed = self.get_changelist_instance(request).queryset
        return stream_offers(narrowed)  # type: ignore[return-value]

    def _is_list(self, request: HttpRequest) -> bool:
        match = request.resolver_match
        return super()._is_list(request) or (match is not None and match.url_name == "upsell_offer_csv")

    @admin.display(description="Offer")
    def goods(self, offer: Offer) -> SafeString:
        return format_html('{}<br><span class="soft">{}</span>', say_goods(offer), say_because(offer.because))

    @admin.display(description="Order")
    def order_link(self, offer: Offer) -> SafeString:
        link = reverse("admin:orders_order_change", args=[offer.order.number])
        return format_html('<a class="row-link" href="{}">{}</a>', link, offer.order.number)

    @admin.display(description="Price")
    def shown_price(self, offer: Offer) -> SafeString:
        saving = f"{say_money(offer.saving, offer)} less" if offer.saving else ""
        shipping = "free shipping" if offer.frees_shipping else ""
        extra = ", ".join(filter(None, (saving, shipping)))
        return format_html('{}<br><span class="soft">{}</span>', say_money(offer.price, offer), extra)

    @admin.display(description="Shown")
    def shown_in(self, offer: Offer) -> str:
        return say_showings(offer)

    @admin.display(description="Became")
    def became(self, offer: Offer) -> SafeString:
        return badge(offer.get_state_display(), TONES[State(offer.state)])

    @admin.display(description="Net revenue")
    def net(self, offer: Offer) -> str:
        return "–" if offer.net_revenue is None else say_money(offer.net_revenue, offer)

    @admin.display(description="Made")
    def made(self, offer: Offer) -> Any:
        return moment(offer.made_at)


def say_goods(offer: Offer) -> str:
    """ "1 × Wool socks, 2 × Linen tee (M)"."""
    told = []
    for item in offer.items.all():
        options = f" ({item.variant.option_text})" if item.variant.option_text else ""
        told.append(f"{item.quantity.normalize():f} × {item.variant.product.title}{options}")
    return ", ".join(told)


def say_showings(offer: Offer) -> str:
    """Where, and where it was seen."""
    return ", ".join(
        f"{PLACES[Placement(each.placement)]}{' (seen)' if each.seen_at else ''}"
        for each in sorted(offer.showings.all(), key=lambda each: each.shown_at)
    )


def say_money(amount: Any, offer: Offer) -> str:
    return str(Money(round_amount(amount, offer.currency), offer.currency))


def stream_offers(offers: QuerySet[Offer]) -> StreamingHttpResponse:
    read = offers.prefetch_related(None).select_related("order", "campaign").prefetch_related("showings")
    rows = read.order_by("-made_at", "-id")[:MOST].iterator(chunk_size=AT_ONCE)
    return stream_rows("offers", COLUMNS, map(_row, rows))


def _row(offer: Offer) -> list[Any]:
    showings = list(offer.showings.all())
    kept = "" if offer.kept_quantity is None else f"{offer.kept_quantity.normalize():f}"
    return [
        offer.pk,
        offer.order.number,
        offer.campaign.name,
        offer.contents,
        offer.state,
        offer.made_at.isoformat(),
        " ".join(each.placement for each in showings),
        " ".join(each.placement for each in showings if each.seen_at),
        offer.currency,
        round_amount(offer.price, offer.currency),
        round_amount(offer.saving, offer.currency),
        offer.accepted_at.isoformat() if offer.accepted_at else "",
        offer.accepted_through,
        kept,
        *("" if each is None else round_amount(each, offer.currency) for each in (offer.net_revenue, offer.net_margin)),
    ]
