"""What could not be told: events to whoever wants them, messages to partners, mails to people."""

from datetime import datetime

from django.db.models import Q, QuerySet

from oms.exceptions import ExceptionType, Trouble
from oms.models import Delivery, Message, WebhookEndpoint
from oms.webhook_events import WebhookDisabled, WebhookEnabled

Because = WebhookEndpoint.Because


def find_dead_letters(at: datetime) -> QuerySet[Delivery]:
    return Delivery.objects.dead().select_related("event")


def _describe_dead_letter(delivery: Delivery) -> Trouble:
    cause = f"{delivery.reaction} could not be told of {delivery.event.type}: {delivery.last_error}"
    facts = {"event": delivery.event_id, "type": delivery.event.type, "reaction": delivery.reaction}
    return Trouble(delivery.event.subject_kind, delivery.event.subject, cause, delivery.event.at, facts)


def find_webhooks_off(at: datetime) -> QuerySet[WebhookEndpoint]:
    """Switched off by the system, not by somebody."""
    return WebhookEndpoint.objects.standing().filter(~Q(switched_off_because=Because.ASKED), active=False)


def _describe_webhook_off(endpoint: WebhookEndpoint) -> Trouble:
    cause = f"{endpoint} is switched off: {endpoint.get_switched_off_because_display()}. Its partner hears nothing."
    since = endpoint.switched_off_at or endpoint.created_at
    facts = {"url": endpoint.url, "because": endpoint.switched_off_because}
    return Trouble("webhook_endpoint", str(endpoint.pk), cause, since, facts)


def find_unsent_mails(at: datetime) -> QuerySet[Message]:
    return Message.objects.unsent().defer("text", "html")


def _describe_unsent(message: Message) -> Trouble:
    cause = (
        f"“{message.what}” did not reach {message.to or 'anybody'}: {message.get_why_display()} {message.last_error}"
    )
    facts = {"message": message.pk, "kind": message.kind, "to": message.to}
    return Trouble(message.about_kind, message.about, cause.strip(), message.made_at, facts)


DEAD_LETTERS = ExceptionType(
    code="dead_letter", title="Dead letter", hours=2, find=find_dead_letters, describe=_describe_dead_letter
)
UNTOLD = (
    ExceptionType(
        code="webhook_off",
        title="Webhook switched off",
        hours=4,
        find=find_webhooks_off,
        describe=_describe_webhook_off,
        heard=(WebhookDisabled, WebhookEnabled),
    ),
    ExceptionType(
        code="mail",
        title="Mail not delivered",
        hours=8,
        find=find_unsent_mails,
        describe=_describe_unsent,
        dismissible=True,
    ),
    DEAD_LETTERS,
)
