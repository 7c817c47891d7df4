"""Switching a partner's address off and on again."""

from datetime import datetime

from django.db import transaction

from oms.events import publish
from oms.models import WebhookDelivery, WebhookEndpoint
from oms.queries.event_log import find_end
from oms.webhook_errors import WebhookEndpointNotFound, WebhookEndpointOff
from oms.webhook_events import WebhookDisabled, WebhookEnabled

Because = WebhookEndpoint.Because

COUNTED = 10_000


def lock_endpoint(endpoint_id: int) -> WebhookEndpoint:
    """Raises:
    WebhookEndpointNotFound
    """
    standing = WebhookEndpoint.objects.standing().select_for_update(no_key=True)
    endpoint = standing.filter(id=endpoint_id).first()
    if endpoint is None:
        raise WebhookEndpointNotFound
    return endpoint


def lock_active(endpoint_id: int) -> WebhookEndpoint:
    """Raises:
    WebhookEndpointNotFound, WebhookEndpointOff
    """
    endpoint = lock_endpoint(endpoint_id)
    if not endpoint.active:
        raise WebhookEndpointOff
    return endpoint


def switch_off(endpoint: WebhookEndpoint, *, because: str, by: str, at: datetime) -> None:
    """It is told of nothing until it is switched on. Its row is locked; what waits for it goes on waiting."""
    waiting = WebhookDelivery.objects.filter(endpoint=endpoint, state=WebhookDelivery.State.WAITING)
    facts = {
        "url": endpoint.url,
        "because": because,
        "failing_since": endpoint.failing_since,
        "waiting": waiting[:COUNTED].count(),
    }
    endpoint.active = False
    endpoint.switched_off_at, endpoint.switched_off_because = at, because
    endpoint.version += 1
    endpoint.save(update_fields=["active", "switched_off_at", "switched_off_because", "version"])
    publish([WebhookDisabled(subject=str(endpoint.pk), by=by, at=at, facts=facts)])


@transaction.atomic
def disable_endpoint(*, endpoint_id: int, by: str, at: datetime) -> WebhookEndpoint:
    """Off, until somebody switches it on. Twice is harmless.

    Raises:
        WebhookEndpointNotFound
    """
    endpoint = lock_endpoint(endpoint_id)
    if endpoint.active:
        switch_off(endpoint, because=Because.ASKED, by=by, at=at)
    return endpoint


@transaction.atomic
def enable_endpoint(*, endpoint_id: int, skip_missed: bool = False, by: str, at: datetime) -> WebhookEndpoint:
    """On again, with a clean slate. It goes on where it stopped, unless what it missed is to be skipped.

    Raises:
        WebhookEndpointNotFound
    """
    endpoint = lock_endpoint(endpoint_id)
    if endpoint.active:
        return endpoint

    waiting = WebhookDelivery.objects.filter(endpoint=endpoint, state=WebhookDelivery.State.WAITING)
    if skip_missed:
        endpoint.read_turn, endpoint.read_id = find_end()
        waiting.update(state=WebhookDelivery.State.FAILED, ended_at=at, leased_until=None, error="Skipped by request.")
    else:
        waiting.update(attempts=0, run_after=at)
    endpoint.active = True
    endpoint.switched_off_at, endpoint.switched_off_because = None, ""
    endpoint.failing_since = endpoint.resting_until = None
    endpoint.version += 1
    endpoint.save()
    facts = {"url": endpoint.url, "skipped": skip_missed}
    publish([WebhookEnabled(subject=str(endpoint.pk), by=by, at=at, facts=facts)])
    return endpoint
