"""Partners' addresses: entered, changed, removed, given a new secret."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction

from oms.actions.webhooks.checking import check_types, check_url
from oms.actions.webhooks.switching import lock_endpoint
from oms.errors import FieldError, Invalid, VersionStale
from oms.events import publish
from oms.models import WebhookEndpoint
from oms.queries.event_log import find_end
from oms.resources import Limits
from oms.signing import new_secret
from oms.webhook_events import (
    WebhookEndpointAdded,
    WebhookEndpointChanged,
    WebhookEndpointRemoved,
    WebhookSecretRotated,
)

KEEP = timedelta(hours=24)
"""The old secret is good so long beside the new one, unless said otherwise."""
LONGEST_KEEP = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Wish:
    """What an address is told of, and where it is. None: as it is now."""

    url: str | None = None
    types: Sequence[str] | None = None
    description: str | None = None


@transaction.atomic
def add_endpoint(*, wish: Wish, limits: Limits, by: str, at: datetime) -> WebhookEndpoint:
    """A new address; it is told of what is announced from now on. Its secret must be shown to its owner once.

    Raises:
        Invalid
    """
    url, types = wish.url or "", list(dict.fromkeys(wish.types or ["*"]))
    _refuse([*check_url(url), *check_types(types)])
    turn, last_id = find_end()
    endpoint = WebhookEndpoint.objects.create(
        url=url,
        description=wish.description or "",
        types=types,
        channels=sorted(limits.channels),
        warehouses=sorted(limits.warehouses),
        secret=new_secret(),
        read_turn=turn,
        read_id=last_id,
        created_by=by,
        created_at=at,
    )
    facts = {"url": url, "types": types, "channels": endpoint.channels, "warehouses": endpoint.warehouses}
    publish([WebhookEndpointAdded(subject=str(endpoint.pk), by=by, at=at, facts=facts)])
    return endpoint


@transaction.atomic
def change_endpoint(
    *, endpoint_id: int, wish: Wish, expected: int | None = None, by: str, at: datetime
) -> WebhookEndpoint:
    """Another address, other types, another description. Nothing new is nothing changed.

    Raises:
        WebhookEndpointNotFound, Invalid
        VersionStale: it is not at the expected version any more.
    """
    endpoint = lock_endpoint(endpoint_id)
    if expected is not None and expected != endpoint.version:
        raise VersionStale(f"It is at version {endpoint.version} by now.", version=endpoint.version)
    wished: dict[str, Any] = {"url": wish.url, "description": wish.description}
    wished["types"] = None if wish.types is None else list(dict.fromkeys(wish.types))
    new = {name: value for name, value in wished.items() if value is not None and value != getattr(endpoint, name)}
    _refuse([*check_url(new.get("url")), *check_types(new.get("types"))])
    if not new:
        return endpoint

    changes = {name: {"before": getattr(endpoint, name), "after": value} for name, value in new.items()}
    for name, value in new.items():
        setattr(endpoint, name, value)
    endpoint.version += 1
    endpoint.save(update_fields=[*new, "version"])
    publish([WebhookEndpointChanged(subject=str(endpoint.pk), by=by, at=at, facts={"changes": changes})])
    return endpoint


@transaction.atomic
def remove_endpoint(*, endpoint_id: int, by: str, at: datetime) -> None:
    """It is told of nothing any more, and its secrets are forgotten; its rows go with time (`purging`).

    Raises:
        WebhookEndpointNotFound
    """
    endpoint = lock_endpoint(endpoint_id)
    endpoint.active, endpoint.removed_at = False, at
    endpoint.switched_off_at = endpoint.switched_off_at or at
    endpoint.switched_off_because = endpoint.switched_off_because or WebhookEndpoint.Because.ASKED
    endpoint.secret = endpoint.previous_secret = ""
    endpoint.save()
    publish([WebhookEndpointRemoved(subject=str(endpoint.pk), by=by, at=at, facts={"url": endpoint.url})])


@transaction.atomic
def rotate_secret(*, endpoint_id: int, keep: timedelta = KEEP, by: str, at: datetime) -> WebhookEndpoint:
    """A new secret, to be shown to its owner once. Messages bear both signatures while the old one is kept.

    Raises:
        WebhookEndpointNotFound
        Invalid: the old one cannot be kept for so long.
    """
    if not timedelta(0) <= keep <= LONGEST_KEEP:
        _refuse([FieldError("/keep_hours", "out_of_range", "The old secret can be kept for up to 168 hours.")])
    endpoint = lock_endpoint(endpoint_id)
    kept = bool(keep)
    endpoint.previous_secret = endpoint.secret if kept else ""
    endpoint.previous_secret_until = at + keep if kept else None
    endpoint.secret = new_secret()
    endpoint.version += 1
    endpoint.save(update_fields=["secret", "previous_secret", "previous_secret_until", "version"])
    facts = {"previous_until": endpoint.previous_secret_until}
    publish([WebhookSecretRotated(subject=str(endpoint.pk), by=by, at=at, facts=facts)])
    return endpoint


def _refuse(errors: Sequence[FieldError]) -> None:
    if errors:
        raise Invalid(" ".join(error.detail for error in errors), errors=errors)
