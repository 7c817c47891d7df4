"""Working off deliveries: leased, retried with backoff and jitter, at last a dead letter."""

import logging
import random
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from oms import events
from oms.models import Delivery

log = logging.getLogger(__name__)

LEASE = timedelta(minutes=10)
"""Longer than any reaction may take; a worker that died gives its work back after it."""

BACKOFF = [timedelta(seconds=seconds) for seconds in (5, 30, 120, 600, 1800, 7200, 18_000, 43_200)]
"""Waits after each failure; after the last one the delivery is a dead letter."""


class UnknownReaction(LookupError):
    """The delivery names a reaction that the code no longer has."""


def deliver_deliveries(*, at: datetime, limit: int = 500) -> int:
    """Run due reactions until none is left or `limit` were run; how many were done."""
    done = tried = 0
    while tried < limit and (batch := lease_deliveries(at=at, limit=min(50, limit - tried))):
        done += sum(deliver_one(delivery) for delivery in batch)
        tried += len(batch)
    return done


@transaction.atomic
def lease_deliveries(*, at: datetime, limit: int) -> list[Delivery]:
    """Take due deliveries so that no other worker takes them too, oldest first."""
    due = Delivery.objects.due(at).order_by("run_after", "id").select_for_update(skip_locked=True, of=("self",))
    batch = list(due.select_related("event")[:limit])
    Delivery.objects.filter(id__in=[delivery.id for delivery in batch]).update(
        leased_until=at + LEASE, attempts=F("attempts") + 1
    )
    return batch


def deliver_one(delivery: Delivery) -> bool:
    """Run one reaction and record the outcome. A reaction on our own database shares its transaction with `DONE`."""
    try:
        with transaction.atomic():
            still_ours = Delivery.objects.select_for_update(no_key=True).filter(
                id=delivery.id, state=Delivery.State.WAITING
            )
            if not still_ours.exists():
                return False
            _react(delivery)
            still_ours.update(state=Delivery.State.DONE, done_at=timezone.now(), leased_until=None, last_error="")
    except Exception as error:  # whatever it was, it must be seen and tried again
        log.warning("%s failed for event %s: %s", delivery.reaction, delivery.event_id, type(error).__name__)
        postpone_delivery(delivery, error=error, at=timezone.now())
        return False
    return True


def postpone_delivery(delivery: Delivery, *, error: Exception, at: datetime) -> None:
    """Wait and try again, or give up and show it to staff."""
    waits = delivery.attempts  # as read before this try
    dead = waits >= len(BACKOFF)
    wait = BACKOFF[min(waits, len(BACKOFF) - 1)] * random.uniform(0.8, 1.2)  # noqa: S311 - jitter, not a secret
    Delivery.objects.filter(id=delivery.id, state=Delivery.State.WAITING).update(
        state=Delivery.State.DEAD if dead else Delivery.State.WAITING,
        run_after=at + wait,
        leased_until=None,
        last_error=f"{type(error).__name__}: {error}"[:2000],
    )


def retry_deliveries(deliveries: list[int], *, at: datetime) -> int:
    """Send dead letters again, with a fresh count of attempts; how many there were."""
    return (
        Delivery.objects.dead()
        .filter(id__in=deliveries)
        .update(state=Delivery.State.WAITING, run_after=at, attempts=0, leased_until=None)
    )


def _react(delivery: Delivery) -> None:
    reaction, cls = events.reaction_named(delivery.reaction), events.event_class(delivery.event.type)
    if reaction is None or cls is None:
        raise UnknownReaction(f"{delivery.reaction} is not wired to {delivery.event.type}.")
    record = delivery.event
    reaction([cls(subject=record.subject, by=record.by, at=record.at, facts=record.facts)])
