"""What a mail provider tells of mails that it sent for us, by the webhooks of django-anymail."""

from typing import Any

from anymail.signals import tracking
from django.utils import timezone

from oms.actions.mailing import record_bounce

NOT_ARRIVED = {"bounced", "rejected"}


def connect() -> None:
    tracking.connect(note_tracking, dispatch_uid="mail_provider")


def note_tracking(sender: Any, event: Any, esp_name: str, **_: Any) -> None:
    """A mail that came back is on record; what else providers tell (opened, clicked) is nobody's business."""
    key = (event.metadata or {}).get("message")
    if key and event.event_type in NOT_ARRIVED:
        error = event.mta_response or event.description or event.reject_reason or "It came back."
        record_bounce(key=str(key), error=f"{esp_name}: {error}", at=event.timestamp or timezone.now())
