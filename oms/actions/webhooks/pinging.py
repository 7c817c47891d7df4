"""Trying whether messages arrive."""

from datetime import datetime

from django.db import transaction

from oms.actions.webhooks.queueing import insert_deliveries
from oms.actions.webhooks.switching import lock_active
from oms.events import publish
from oms.models import EventRecord, WebhookDelivery
from oms.queries.event_log import COLUMNS, LoggedEvent
from oms.sql import fetch_one
from oms.webhook_events import WebhookPinged

_NEWEST = f"""
SELECT {COLUMNS} FROM oms_eventrecord WHERE subject_kind = %(kind)s AND subject = %(subject)s
ORDER BY sequence DESC LIMIT 1
"""  # noqa: S608 - names of our own columns, no input


@transaction.atomic
def ping_endpoint(*, endpoint_id: int, by: str, at: datetime) -> WebhookDelivery:
    """A message that says only that it is one. It goes the way of all others, to this address alone.

    Raises:
        WebhookEndpointNotFound, WebhookEndpointOff
    """
    endpoint = lock_active(endpoint_id)
    ping = WebhookPinged(subject=str(endpoint.pk), by=by, at=at, facts={"url": endpoint.url})
    publish([ping])
    event = LoggedEvent(*fetch_one(_NEWEST, {"kind": ping.subject_kind, "subject": ping.subject}))
    insert_deliveries({endpoint.pk: [event]}, at=at)
    return WebhookDelivery.objects.get(endpoint=endpoint, event=EventRecord(pk=event.id))
