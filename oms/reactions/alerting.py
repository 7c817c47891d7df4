"""Telling staff what they would not notice by themselves."""

from collections.abc import Sequence

from django.conf import settings
from django.core.mail import send_mail

from oms.webhook_events import WebhookDisabled

_SAID = {
    "GONE": "It answered 410 Gone, which means that nobody is there any more.",
    "FAILING": "For five days it took nothing that we sent.",
}


def mail_disabled_webhooks(told: Sequence[WebhookDisabled]) -> None:
    """One mail an address that the system switched off; whoever switched one off by hand knows."""
    if not settings.OPERATIONS_EMAILS:
        return
    for event in told:
        if event.facts["because"] not in _SAID:
            continue
        lines = [
            f"{event.facts['url']} is told of nothing any more. {_SAID[event.facts['because']]}",
            f"{event.facts['waiting']} messages wait. Speak with its owner, then switch it on again:",
            f"{settings.PUBLIC_URL}/admin/oms/webhookendpoint/{event.subject}/change/",
        ]
        send_mail(
            subject=f"Webhook switched off: {event.facts['url']}"[:200],
            message="\n\n".join(lines) + "\n",
            from_email=None,
            recipient_list=settings.OPERATIONS_EMAILS,
        )
