"""What solves the platform's own exceptions: what could not be told is sent again, or switched on."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.urls import reverse

from oms.actions.delivering import retry_deliveries
from oms.actions.mailing import send_again
from oms.actions.webhooks.switching import enable_endpoint
from oms.admin.desks import Desk, Remedy
from oms.models import ExceptionItem

Answer = Mapping[str, Any]


def _send_event_again(item: ExceptionItem, answer: Answer, by: str, at: datetime) -> str:
    sent = retry_deliveries([item.key], at=at)
    return "It is on the way again." if sent else "Nothing was waiting to be sent again."


def _switch_on(item: ExceptionItem, answer: Answer, by: str, at: datetime) -> str:
    endpoint = enable_endpoint(endpoint_id=item.key, by=by, at=at)
    return f"{endpoint} is switched on and gets what it has missed."


def _send_mail_again(item: ExceptionItem, answer: Answer, by: str, at: datetime) -> str:
    message = send_again(message_id=item.key, by=by, at=at)
    return f"The mail to {message.to} is on the way again."


def _desk(page: str, remedy: Remedy) -> Desk:
    return Desk(
        page=lambda item: reverse(f"admin:{page}_change", args=[item.key]),
        called=lambda item: f"{item.subject_kind.replace('_', ' ')} {item.subject}",
        remedies=(remedy,),
    )


DESKS: Mapping[str, Desk] = {
    "dead_letter": _desk(
        "oms_delivery",
        Remedy(
            name="again",
            label="Send again",
            permission="oms.retry_delivery",
            consequence="It is tried again with a fresh count of attempts. Mend the cause first, or it comes back.",
            act=_send_event_again,
            tone="primary",
        ),
    ),
    "webhook_off": _desk(
        "oms_webhookendpoint",
        Remedy(
            name="on",
            label="Switch it on",
            permission="oms.change_webhookendpoint",
            consequence="It is told again, and gets what it has missed. Ask the partner first whether it works again.",
            act=_switch_on,
            tone="primary",
        ),
    ),
    "mail": _desk(
        "oms_message",
        Remedy(
            name="again",
            label="Send again",
            permission="oms.send_message",
            consequence="The mail goes once more to the same address.",
            act=_send_mail_again,
            tone="primary",
        ),
    ),
}
