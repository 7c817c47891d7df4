"""Campaigns: when other rules hold, what they will do to whom, and how they are copied and ended."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import Count, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from oms.admin.asking import Question, actor_of, ask, require
from oms.templatetags.showing import badge, moment
from orders.actions.windows.campaigning import delete_campaign, duplicate_campaign, end_campaign, save_campaign
from orders.admin.windows import NOT_YOURS, ArrangedAdmin
from orders.admin.windows_form import CampaignForm
from orders.models import WindowCampaign
from orders.queries.windows.previews import TierPreview, preview_campaign
from orders.queries.windows.rules import describe_rules

ORDERS_SHOWN, SKUS_SHOWN = 20, 30
MOMENT = "%Y-%m-%dT%H:%M"


class CopyForm(forms.Form):
    name = forms.CharField(max_length=120)
    starts_at = forms.DateTimeField(
        label="Begins", widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format=MOMENT)
    )
    ends_at = forms.DateTimeField(
        label="Ends", widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format=MOMENT)
    )


@dataclass(frozen=True, slots=True)
class Bar:
    """A campaign on the timeline; places in per cent of it."""

    campaign: WindowCampaign
    state: str
    left: float
    width: float


class CampaignAdmin(ArrangedAdmin):
    title = "Window campaigns"
    form = CampaignForm
    fields = ("name", "starts_at", "ends_at", "active", "note")
    list_display = ("shown_name", "shown_state", "begins", "ends", "rule_count", "links")
    list_display_links = ("shown_name",)
    sortable_by = ()
    list_before_template = "orders/admin/window_timeline.html"
    change_list_template = "orders/admin/window_campaign_list.html"
    change_form_after_template = "orders/admin/window_campaign_rules.html"

    def get_queryset(self, request: HttpRequest) -> QuerySet[WindowCampaign]:
        return super().get_queryset(request).annotate(rules_in_it=Count("rules"))

    def get_urls(self) -> list[URLPattern]:
        own: tuple[tuple[str, Callable[..., HttpResponse]], ...] = (
            ("preview", self.preview),
            ("duplicate", self.duplicate),
            ("end", self.end),
        )
        patterns = [
            path(f"<int:campaign_id>/{name}/", self.admin_site.admin_view(view), name=f"orders_windowcampaign_{name}")
            for name, view in own
        ]
        return patterns + super().get_urls()

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        now = timezone.now()
        bars, mark = draw_timeline(list(WindowCampaign.objects.order_by("starts_at", "id")), now=now)
        return super().changelist_view(request, {"bars": bars, "now_at": mark, **(extra_context or {})})

    def save_model(self, request: HttpRequest, obj: WindowCampaign, form: Any, change: bool) -> None:
        save_campaign(campaign=obj, by=actor_of(request), at=timezone.now())

    def delete_model(self, request: HttpRequest, obj: WindowCampaign) -> None:
        delete_campaign(campaign_id=obj.pk, by=actor_of(request), at=timezone.now())

    def preview(self, request: HttpRequest, campaign_id: int) -> HttpResponse:
        """Whom the campaign concerns, per velocity tier."""
        require(request, "orders.view_windowcampaign", "Your role does not include reading campaigns.")
        campaign = _find(campaign_id)
        tiers = preview_campaign(describe_rules(), campaign_id, at=timezone.now())
        context = {
            **self.admin_site.each_context(request),
            "title": f"Preview of {campaign}",
            "trail": [(self.title, reverse("admin:orders_windowcampaign_changelist"))],
            "campaign": campaign,
            "began": campaign.starts_at <= timezone.now(),
            "tiers": [_shown(tier) for tier in tiers],
            "orders": sum(len(tier.orders) for tier in tiers),
            "changed": sum(tier.changed for tier in tiers),
        }
        return TemplateResponse(request, "orders/admin/window_campaign_preview.html", context)

    def duplicate(self, request: HttpRequest, campaign_id: int) -> HttpResponse:
        require(request, "orders.arrange_rules", NOT_YOURS)
        campaign = _find(campaign_id)
        question = Question(
            title=f"Copy {campaign}",
            consequence="The same rules, under another name and in another span. Nothing else changes.",
            submit="Copy",
            back=reverse("admin:orders_windowcampaign_changelist"),
            form=CopyForm,
            initial={"name": f"{campaign.name}, again"},
        )

        def act(answer: dict[str, Any]) -> str:
            copy = duplicate_campaign(campaign_id=campaign_id, **answer, by=actor_of(request), at=timezone.now())
            return f"{copy} is planned."

        return ask(request, question, act)

    def end(self, request: HttpRequest, campaign_id: int) -> HttpResponse:
        require(request, "orders.arrange_rules", NOT_YOURS)
        campaign = _find(campaign_id)
        running = campaign.starts_at < timezone.now()
        question = Question(
            title=f"End {campaign} now" if running else f"Call off {campaign}",
            consequence="Orders placed from now on get the usual windows again. Windows that are open stay open.",
            submit="End it now" if running else "Call it off",
            back=reverse("admin:orders_windowcampaign_changelist"),
            tone="bad",
        )

        def act(answer: dict[str, Any]) -> str:
            end_campaign(campaign_id=campaign_id, by=actor_of(request), at=timezone.now())
            return f"{campaign} is over." if running else f"{campaign} is called off."

        return ask(request, question, act)

    @admin.display(description="Campaign")
    def shown_name(self, campaign: WindowCampaign) -> SafeString:
        return format_html('<span class="row-link">{}</span>', campaign.name)

    @admin.display(description="State")
    def shown_state(self, campaign: WindowCampaign) -> SafeString:
        state = state_of(campaign, now=timezone.now())
        return badge(state, {"now": "good", "coming": "cool", "over": "mute", "off": "mute"}[state])

    @admin.display(description="Begins")
    def begins(self, campaign: WindowCampaign) -> Any:
        return moment(campaign.starts_at)

    @admin.display(description="Ends")
    def ends(self, campaign: WindowCampaign) -> Any:
        return moment(campaign.ends_at)

    @admin.display(description="Rules")
    def rule_count(self, campaign: Any) -> SafeString:
        link = reverse("admin:orders_windowrule_changelist")
        return format_html('<a class="link" href="{}?campaign={}">{}</a>', link, campaign.pk, campaign.rules_in_it)

    @admin.display(description="")
    def links(self, campaign: WindowCampaign) -> SafeString:
        over = state_of(campaign, now=timezone.now()) in ("over", "off")
        verbs = [("preview", "Preview"), ("duplicate", "Copy"), *([] if over else [("end", "End")])]
        return format_html_join(
            " · ",
            '<a class="link" href="{}">{}</a>',
            ((reverse(f"admin:orders_windowcampaign_{name}", args=[campaign.pk]), verb) for name, verb in verbs),
        )


def state_of(campaign: WindowCampaign, *, now: datetime) -> str:
    if not campaign.active:
        return "off"
    if now < campaign.starts_at:
        return "coming"
    return "now" if now < campaign.ends_at else "over"


def draw_timeline(campaigns: Sequence[WindowCampaign], *, now: datetime) -> tuple[list[Bar], float]:
    """A bar a campaign, from the first beginning to the last end, and where between them now is."""
    if not campaigns:
        return [], 0.0
    start = min(now, *(campaign.starts_at for campaign in campaigns))
    whole = max(now, *(campaign.ends_at for campaign in campaigns)) - start
    bars = [
        Bar(
            campaign,
            state_of(campaign, now=now),
            round(100 * ((campaign.starts_at - start) / whole), 2),
            round(100 * ((campaign.ends_at - campaign.starts_at) / whole), 2),
        )
        for campaign in campaigns
    ]
    return bars, round(100 * ((now - start) / whole), 2)


def _shown(tier: TierPreview) -> dict[str, Any]:
    return {
        "tier": tier,
        "orders": tier.orders[:ORDERS_SHOWN],
        "more_orders": max(len(tier.orders) - ORDERS_SHOWN, 0),
        "skus": tier.skus[:SKUS_SHOWN],
        "more_skus": max(len(tier.skus) - SKUS_SHOWN, 0),
    }


def _find(campaign_id: int) -> WindowCampaign:
    campaign = WindowCampaign.objects.filter(pk=campaign_id).first()
    if campaign is None:
        raise Http404("There is no such campaign.")
    return campaign
