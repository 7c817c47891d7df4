"""The verbs of one webhook endpoint. Each asks first and is one call of an action."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from django import forms
from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse

from oms.actions.webhooks.managing import Wish, change_endpoint, remove_endpoint, rotate_secret
from oms.actions.webhooks.pinging import ping_endpoint
from oms.actions.webhooks.replaying import start_replay
from oms.actions.webhooks.switching import disable_endpoint, enable_endpoint
from oms.admin.buttons import Button
from oms.models import Channel, WebhookEndpoint

CHANGE = "oms.change_webhookendpoint"
REPLAY = "oms.replay_webhookdelivery"


class TypesField(forms.CharField):
    """Patterns, one a line or with blanks between them."""

    widget = forms.Textarea

    def __init__(self, **options: Any) -> None:
        super().__init__(
            label="Hears of",
            initial="*",
            help_text="Types of events like order.placed, families like order.*, or * for everything; one a line.",
            widget=forms.Textarea(attrs={"rows": 4}),
            **options,
        )

    def prepare_value(self, value: Any) -> Any:
        return "\n".join(value) if isinstance(value, list) else value

    def to_python(self, value: Any) -> Any:
        return (value or "").replace(",", " ").split()


class EndpointForm(forms.Form):
    url = forms.CharField(label="Address", max_length=500, help_text="https://…, where the partner takes webhooks.")
    types = TypesField()
    description = forms.CharField(max_length=200, required=False, help_text="Whose it is, and what for.")


class NewEndpointForm(EndpointForm):
    channels = forms.ModelMultipleChoiceField(
        Channel.objects.all(),
        to_field_name="code",
        required=False,
        widget=forms.CheckboxSelectMultiple,
        label="Only these channels",
        help_text="None ticked: all.",
    )
    warehouses = forms.CharField(
        required=False,
        label="Only these warehouses",
        help_text="Codes, separated by spaces. Empty: all. Who is limited to warehouses is not shown whole orders.",
    )


class RotationForm(forms.Form):
    keep_hours = forms.IntegerField(
        label="Keep the old secret for hours",
        initial=24,
        min_value=0,
        max_value=168,
        help_text="So long messages bear both signatures, and the partner can change over. 0: it ends at once.",
    )


class SwitchOnForm(forms.Form):
    skip_missed = forms.BooleanField(required=False, label="Skip what it missed, begin with what happens from now on")


def _moment(label: str) -> forms.DateTimeField:
    widget = forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")
    return forms.DateTimeField(label=label, widget=widget)


class SpanForm(forms.Form):
    since = _moment("From")
    until = _moment("Until")


def _change(endpoint: WebhookEndpoint, answer: dict[str, Any], by: str, at: datetime) -> str:
    wish = Wish(answer["url"], answer["types"], answer["description"])
    changed = change_endpoint(endpoint_id=endpoint.pk, wish=wish, expected=endpoint.version, by=by, at=at)
    return f"{changed} is changed."


def _ping(endpoint: WebhookEndpoint, answer: dict[str, Any], by: str, at: datetime) -> str:
    ping_endpoint(endpoint_id=endpoint.pk, by=by, at=at)
    return "A test message is on its way; how it went stands among the deliveries in a moment."


def _rotate(endpoint: WebhookEndpoint, answer: dict[str, Any], by: str, at: datetime) -> str:
    rotate_secret(endpoint_id=endpoint.pk, keep=timedelta(hours=answer["keep_hours"]), by=by, at=at)
    return "There is a new secret."


def _replay(endpoint: WebhookEndpoint, answer: dict[str, Any], by: str, at: datetime) -> str:
    start_replay(endpoint_id=endpoint.pk, since=answer["since"], until=answer["until"], by=by, at=at)
    return "The span is being sent again; how far it is stands on this page."


def _switch_off(endpoint: WebhookEndpoint, answer: dict[str, Any], by: str, at: datetime) -> str:
    disable_endpoint(endpoint_id=endpoint.pk, by=by, at=at)
    return f"{endpoint} is switched off."


def _switch_on(endpoint: WebhookEndpoint, answer: dict[str, Any], by: str, at: datetime) -> str:
    enable_endpoint(endpoint_id=endpoint.pk, skip_missed=answer["skip_missed"], by=by, at=at)
    return f"{endpoint} is switched on."


def _remove(endpoint: WebhookEndpoint, answer: dict[str, Any], by: str, at: datetime) -> str:
    remove_endpoint(endpoint_id=endpoint.pk, by=by, at=at)
    return f"{endpoint} is removed."


_LIST: tuple[Button[WebhookEndpoint], ...] = (
    Button(
        "on",
        "Switch on",
        CHANGE,
        "Messages go out again, each with a fresh count of attempts. It goes on where it stopped.",
        _switch_on,
        applies=lambda endpoint: not endpoint.active,
        form=SwitchOnForm,
    ),
    Button(
        "ping",
        "Send a test message",
        CHANGE,
        "A signed message of the type webhook.pinged goes to this address, and to no other.",
        _ping,
        applies=lambda endpoint: endpoint.active,
    ),
    Button(
        "replay",
        "Send a span again",
        REPLAY,
        "Everything that was announced in that time, and that this endpoint hears of, is sent once more under the id "
        "it had. A partner that takes each id once is not harmed by it.",
        _replay,
        applies=lambda endpoint: endpoint.active,
        form=SpanForm,
    ),
    Button(
        "edit",
        "Change",
        CHANGE,
        "What waits already goes to the new address, too.",
        _change,
        form=EndpointForm,
        initial=lambda endpoint: {
            "url": endpoint.url,
            "types": endpoint.types,
            "description": endpoint.description,
        },
    ),
    Button(
        "rotate",
        "New secret",
        CHANGE,
        "The new signing secret is shown once, on the next page.",
        _rotate,
        form=RotationForm,
    ),
    Button(
        "off",
        "Switch off",
        CHANGE,
        "Nothing is sent any more until it is switched on; then it goes on where it stopped.",
        _switch_off,
        applies=lambda endpoint: endpoint.active,
        tone="bad",
    ),
    Button(
        "remove",
        "Remove",
        CHANGE,
        "Its secret is forgotten, and what waits for it is never sent. This cannot be undone.",
        _remove,
        tone="bad",
    ),
)
BUTTONS: Mapping[str, Button[WebhookEndpoint]] = {button.name: button for button in _LIST}


def show_secret_once(request: HttpRequest, endpoint: WebhookEndpoint) -> HttpResponse:
    """Nobody can read it again later."""
    context = {**admin.site.each_context(request), "title": "The signing secret", "endpoint": endpoint}
    return TemplateResponse(request, "oms/admin/webhook_secret_once.html", context)
