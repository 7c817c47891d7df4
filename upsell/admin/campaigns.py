"""Campaigns: what is offered to whom, tried on real orders before they are on, with the history of their changes."""

from datetime import datetime, timedelta
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.db.models import Count, Q, QuerySet, Sum
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from oms.admin.asking import Question, actor_of, ask, require
from oms.admin.lists import Route, ShortListAdmin
from oms.errors import Refused
from oms.models import EventRecord
from oms.money import Money, round_amount
from oms.templatetags.showing import badge
from upsell.actions.campaigning import duplicate_campaign, save_campaign, switch_campaign
from upsell.admin.campaign_form import DISCOUNTS, FORM, SECTIONS, SOURCES, describe_change
from upsell.admin.campaign_preview import show_piece, show_preview
from upsell.admin.words import PLACES
from upsell.choices import DiscountKind, Placement
from upsell.models import Campaign, Offer

CHANGE = "upsell.change_campaign"
NOT_YOURS = "Your role does not include arranging campaigns."
HISTORY = 12
LATELY = timedelta(days=30)
TONES = {"on": "good", "coming": "cool", "over": "mute", "off": "mute"}


class CopyForm(forms.Form):
    name = forms.CharField(max_length=120)


class CampaignAdmin(ShortListAdmin):
    """Only the actions change campaigns. None is deleted: what it offered, and brought, is on record."""

    title = "Offer campaigns"
    form = FORM
    fieldsets = SECTIONS
    list_display = ("shown_name", "state", "offers", "shown", "taken", "revenue", "links")
    list_display_links = ("shown_name",)
    sortable_by = ()
    change_list_template = "upsell/admin/campaigns.html"
    change_form_after_template = "upsell/admin/campaign_after.html"

    def routes(self) -> list[Route]:
        own = [("preview", self.preview), ("switch", self.switch), ("duplicate", self.duplicate)]
        return [(f"<int:campaign_id>/{name}/", view, name) for name, view in own]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Campaign]:
        """With what was made in the last days; of the shop's whole history the figures tell."""
        lately = Q(offers__made_at__gte=timezone.now() - LATELY)
        taken = lately & Q(offers__state=Offer.State.ACCEPTED)
        return (
            super()
            .get_queryset(request)
            .annotate(
                offers_made=Count("offers", filter=lately),
                offers_taken=Count("offers", filter=taken),
                currencies=Count("offers__currency", filter=taken, distinct=True),
                net=Sum("offers__net_revenue", filter=taken),
            )
            .order_by("-active", "priority", "id")
        )

    def get_actions(self, request: HttpRequest) -> dict[str, Any]:
        """None: the stock "delete selected" would go past the actions."""
        return {}

    def has_delete_permission(self, request: HttpRequest, obj: object = None) -> bool:
        return False

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        told = {"history": read_history(object_id), "campaign_id": object_id} if object_id else {}
        try:
            return super().changeform_view(request, object_id, form_url, {**told, **(extra_context or {})})
        except Refused as refused:
            messages.error(request, refused.message)
            return HttpResponseRedirect(request.get_full_path())

    def save_model(self, request: HttpRequest, obj: Campaign, form: Any, change: bool) -> None:
        save_campaign(campaign=obj, by=actor_of(request), at=timezone.now())

    def response_add(self, request: HttpRequest, obj: Campaign, post_url_continue: str | None = None) -> HttpResponse:
        messages.success(request, f"“{obj}” is kept, and off. Here is who would see what.")
        return HttpResponseRedirect(_link("preview", obj))

    def preview(self, request: HttpRequest, campaign_id: int) -> HttpResponse:
        """Who would see what, a piece at a time."""
        require(request, "upsell.view_campaign", "Your role does not include reading campaigns.")
        campaign = _find(campaign_id)
        if "orders" in request.GET:
            return show_piece(request, campaign)
        return show_preview(request, campaign, may_switch=request.user.has_perm(CHANGE))

    def switch(self, request: HttpRequest, campaign_id: int) -> HttpResponse:
        require(request, CHANGE, NOT_YOURS)
        campaign = _find(campaign_id)
        on = not campaign.active
        question = Question(
            title=f"Switch {campaign} {'on' if on else 'off'}",
            consequence=_say_consequence(campaign, on=on),
            submit="Switch it on" if on else "Switch it off",
            back=_list(),
            tone="cool" if on else "bad",
        )

        def act(answer: dict[str, Any]) -> str:
            switch_campaign(campaign_id=campaign_id, active=on, by=actor_of(request), at=timezone.now())
            return f"“{campaign}” is switched {'on' if on else 'off'}."

        return ask(request, question, act)

    def duplicate(self, request: HttpRequest, campaign_id: int) -> HttpResponse:
        require(request, CHANGE, NOT_YOURS)
        campaign = _find(campaign_id)
        question = Question(
            title=f"Copy {campaign}",
            consequence="The same once more under another name, switched off. Who is held out is drawn anew.",
            submit="Copy",
            back=_list(),
            form=CopyForm,
            initial={"name": f"{campaign.name}, again"},
        )

        def act(answer: dict[str, Any]) -> str:
            copy = duplicate_campaign(campaign_id=campaign_id, **answer, by=actor_of(request), at=timezone.now())
            return f"“{copy}” is there, and off."

        return ask(request, question, act)

    @admin.display(description="Campaign")
    def shown_name(self, campaign: Campaign) -> SafeString:
        return format_html('<span class="row-link">{}</span>', campaign.name)

    @admin.display(description="State")
    def state(self, campaign: Campaign) -> SafeString:
        said = state_of(campaign, at=timezone.now())
        return badge(said, TONES[said])

    @admin.display(description="Offers")
    def offers(self, campaign: Campaign) -> str:
        places = ", ".join(PLACES[Placement(place)].lower() for place in campaign.placements)
        held = f"; {campaign.holdout_share * 100:.0f} % held out" if campaign.holdout_share else "; no holdout"
        return f"{say_terms(campaign)}, on {places}{held}"

    @admin.display(description="Made, 30 days")
    def shown(self, campaign: Any) -> int:
        return campaign.offers_made

    @admin.display(description="Taken")
    def taken(self, campaign: Any) -> str:
        share = f" ({campaign.offers_taken / campaign.offers_made:.1%})" if campaign.offers_made else ""
        return f"{campaign.offers_taken}{share}"

    @admin.display(description="Net revenue")
    def revenue(self, campaign: Any) -> SafeString | str:
        """Of one currency; of several the page of figures tells."""
        if campaign.currencies > 1:
            return format_html('<a class="link" href="{}">{} currencies</a>', _figures(campaign), campaign.currencies)
        if campaign.net is None:
            return "–"
        currency = campaign.offers.filter(state=Offer.State.ACCEPTED).values_list("currency", flat=True).first()
        return format_html(
            '<a class="link" href="{}">{}</a>',
            _figures(campaign),
            Money(round_amount(campaign.net, currency), currency),
        )

    @admin.display(description="")
    def links(self, campaign: Campaign) -> SafeString:
        verbs = [("preview", "Who would see what"), ("duplicate", "Copy")]
        verbs.append(("switch", "Switch off" if campaign.active else "Switch on"))
        return format_html_join(
            " · ", '<a class="link" href="{}">{}</a>', ((_link(name, campaign), verb) for name, verb in verbs)
        )


def state_of(campaign: Campaign, *, at: datetime) -> str:
    if not campaign.active:
        return "off"
    if campaign.starts_at and at < campaign.starts_at:
        return "coming"
    return "over" if campaign.ends_at and at >= campaign.ends_at else "on"


def say_terms(campaign: Campaign) -> str:
    """What it offers, and at what: "A list of SKUs, 10 % off"."""
    source = dict(SOURCES)[campaign.source]
    figure = f"{campaign.discount.normalize():f}"
    said = {
        DiscountKind.NONE: "at the usual price",
        DiscountKind.PERCENTAGE: f"{figure} % off",
        DiscountKind.AMOUNT: f"{figure} {campaign.currency} off each",
        DiscountKind.BUNDLE_PRICE: f"together for {figure} {campaign.currency}",
        DiscountKind.FREE_SHIPPING: "with free shipping",
    }
    return f"{source}, {said.get(DiscountKind(campaign.discount_kind), dict(DISCOUNTS)[campaign.discount_kind])}"


def read_history(campaign_id: str) -> list[dict[str, Any]]:
    """Its last changes, the newest first, as sentences."""
    records = EventRecord.objects.filter(subject_kind="campaign", subject=str(campaign_id)).order_by("-sequence")
    return [{"at": record.at, "by": record.by, "said": _tell(record)} for record in records[:HISTORY]]


def _tell(record: EventRecord) -> list[str]:
    if record.type == "campaign.switched":
        return ["Switched on" if record.facts.get("active") else "Switched off"]
    return describe_change(record.facts.get("changes", {}))


def _say_consequence(campaign: Campaign, *, on: bool) -> str:
    if not on:
        return "Nothing of it is shown any more, anywhere, from now on. What was accepted stays; figures go on."
    held = f"{campaign.holdout_share * 100:.0f} % of customers see nothing of it" if campaign.holdout_share else ""
    without = "nobody is held out, so nobody will know what it brings"
    return f"{say_terms(campaign)}. It is shown from its next page view on; {held or without}."


def _find(campaign_id: int) -> Campaign:
    campaign = Campaign.objects.filter(pk=campaign_id).first()
    if campaign is None:
        raise Http404("There is no such campaign.")
    return campaign


def _link(name: str, campaign: Campaign) -> str:
    return reverse(f"admin:upsell_campaign_{name}", args=[campaign.pk])


def _list() -> str:
    return reverse("admin:upsell_campaign_changelist")


def _figures(campaign: Campaign) -> str:
    return f"{reverse('admin:upsell_exposure_changelist')}?campaign={campaign.pk}&days=30"
