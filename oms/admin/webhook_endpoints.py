"""Webhook endpoints: who is told of what, how that goes, and everything that can be done about it."""

from collections.abc import Sequence
from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString

from oms.actions.webhooks.managing import Wish, add_endpoint
from oms.admin.asking import Question, actor_of, carry_out, require, show_question
from oms.admin.buttons import find_button, press_button
from oms.admin.counting import count_up_to
from oms.admin.figures import Figure, say_number, show_figure, snapshot
from oms.admin.lists import ReadOnlyAdmin, Route, SavedView
from oms.admin.plots import plot_stacks
from oms.admin.webhook_buttons import BUTTONS, NewEndpointForm, show_secret_once
from oms.models import WebhookEndpoint
from oms.queries.webhook_health import COUNTED, count_waiting, newest_deliveries, read_hours, with_health
from oms.resources import Limits
from oms.templatetags.showing import badge, moment

LIST = "admin:oms_webhookendpoint_changelist"
SHOWN = 10


class WebhookEndpointAdmin(ReadOnlyAdmin):
    title = "Webhooks"
    nouns = ("endpoint", "endpoints")
    views = (
        SavedView("all", "All"),
        SavedView("troubled", "Off or failing", lambda endpoints, at: endpoints.troubled()),
    )
    list_display = ("shown_url", "hears", "limits", "state", "health", "entered")
    list_display_links = ("shown_url",)
    change_list_template = "oms/admin/webhook_endpoints.html"

    def routes(self) -> Sequence[Route]:
        return [("new/", self.enter, "new"), ("<int:endpoint_id>/do/<slug:name>/", self.press, "press")]

    def get_queryset(self, request: HttpRequest) -> QuerySet[WebhookEndpoint]:
        return with_health(super().get_queryset(request).filter(removed_at=None), at=timezone.now())

    def enter(self, request: HttpRequest) -> HttpResponse:
        require(request, "oms.add_webhookendpoint", "Your role does not include entering webhook endpoints.")
        form = NewEndpointForm(request.POST if request.method == "POST" else None)
        made: list[WebhookEndpoint] = []

        def act() -> str:
            asked = form.cleaned_data
            limits = Limits(tuple(each.code for each in asked["channels"]), tuple(asked["warehouses"].upper().split()))
            wish = Wish(asked["url"], asked["types"], asked["description"])
            made.append(add_endpoint(wish=wish, limits=limits, by=actor_of(request), at=timezone.now()))
            return f"{made[0]} is told of what happens from now on."

        if form.is_valid() and carry_out(request, act, form=form) and made:
            return show_secret_once(request, made[0])
        question = Question(
            title="Enter a webhook endpoint",
            consequence="It is told of everything that happens from now on. Its signing secret is shown once, on the "
            "next page.",
            submit="Enter",
            back=reverse(LIST),
        )
        return show_question(request, question, form)

    def press(self, request: HttpRequest, endpoint_id: int, name: str) -> HttpResponse:
        endpoint = _find(endpoint_id)
        if name == "rotate" and request.method == "POST":
            return self._rotate(request, endpoint)
        button = find_button(BUTTONS, name, request)
        back = reverse("admin:oms_webhookendpoint_change", args=[endpoint.pk])
        return press_button(request, button, endpoint, called=str(endpoint), back=back)

    def _rotate(self, request: HttpRequest, endpoint: WebhookEndpoint) -> HttpResponse:
        """Its answer is a page: the new secret, once."""
        button = find_button(BUTTONS, "rotate", request)
        form = button.form(request.POST)
        if form.is_valid() and carry_out(
            request, lambda: button.act(endpoint, form.cleaned_data, actor_of(request), timezone.now()), form=form
        ):
            return show_secret_once(request, _find(endpoint.pk))
        back = reverse("admin:oms_webhookendpoint_change", args=[endpoint.pk])
        return press_button(request, button, endpoint, called=str(endpoint), back=back)

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        require(request, "oms.view_webhookendpoint", "Your role does not include reading webhook endpoints.")
        endpoint = _find(object_id)
        hours = read_hours(endpoint, at=timezone.now())
        said = [f"{timezone.localtime(each.hour):%H:%M}" for each in hours]
        series = [("delivered", [each.delivered for each in hours]), ("failed", [each.failed for each in hours])]
        waiting = count_waiting(endpoint)
        context = {
            **self.admin_site.each_context(request),
            "title": str(endpoint),
            "trail": [(self.title, reverse(LIST))],
            "endpoint": endpoint,
            "state": show_state(endpoint),
            "buttons": [each for each in BUTTONS.values() if each.is_shown(request, endpoint)],
            "plot": plot_stacks(said, series),
            "rows": [(said[place], each.delivered, each.failed) for place, each in enumerate(hours)][::-1],
            "attempts": sum(each.delivered + each.failed for each in hours),
            "failed": sum(each.failed for each in hours),
            "waiting": f"{COUNTED:,}+" if waiting > COUNTED else f"{waiting:,}",
            "deliveries": newest_deliveries(endpoint, SHOWN),
            "replay": endpoint.replays.order_by("-id").first(),
        }
        return TemplateResponse(request, "oms/admin/webhook_endpoint.html", context)

    @admin.display(description="Address")
    def shown_url(self, endpoint: WebhookEndpoint) -> SafeString:
        return format_html(
            '<span class="row-link">{}</span><br><span class="soft">{}</span>', endpoint.url, endpoint.description
        )

    @admin.display(description="Hears of")
    def hears(self, endpoint: WebhookEndpoint) -> str:
        return "everything" if "*" in endpoint.types else ", ".join(endpoint.types)

    @admin.display(description="Only")
    def limits(self, endpoint: WebhookEndpoint) -> str:
        return ", ".join([*endpoint.channels, *endpoint.warehouses]) or "–"

    @admin.display(description="State")
    def state(self, endpoint: WebhookEndpoint) -> SafeString:
        return show_state(endpoint)

    @admin.display(description="Last 24 hours")
    def health(self, endpoint: Any) -> str:
        if not endpoint.delivered + endpoint.failed:
            return "nothing sent"
        return f"{endpoint.delivered:,} delivered, {endpoint.failed:,} failed"

    @admin.display(description="Entered")
    def entered(self, endpoint: WebhookEndpoint) -> Any:
        return moment(endpoint.created_at)


def show_state(endpoint: WebhookEndpoint) -> SafeString:
    if not endpoint.active:
        asked = endpoint.switched_off_because == WebhookEndpoint.Because.ASKED
        return badge("switched off", "mute" if asked else "bad", endpoint.get_switched_off_because_display())
    if endpoint.failing_since:
        return format_html("{} since {}", badge("failing", "warm"), moment(endpoint.failing_since))
    return badge("active", "good")


def show_troubled_webhooks(request: HttpRequest, subject: object) -> str:
    """The dashboard's card."""
    if not request.user.has_perm("oms.view_webhookendpoint"):
        return ""
    number = snapshot("webhooks", lambda: count_up_to(WebhookEndpoint.objects.troubled()))
    note = "off or failing" if number else "every endpoint takes what it is told"
    return show_figure(
        Figure("Webhooks", say_number(number), f"{reverse(LIST)}?view=troubled", note, "bad" if number else "")
    )


def _find(pk: Any) -> WebhookEndpoint:
    found = WebhookEndpoint.objects.standing().filter(pk=pk).first() if str(pk).isdigit() else None
    if found is None:
        raise Http404("There is no such webhook endpoint.")
    return found
