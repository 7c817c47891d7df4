"""Working off deliveries: leased, retried with backoff and jitter, at last a dead letter."""

import logging
import random
from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from oms import events
from oms.models import Delivery
from oms.models.delivery import DeliveryQuerySet

log = logging.getLogger(__name__)

LEASE = timedelta(minutes=10)
"""Longer than any reaction may take; a worker that died gives its work back after it."""

BACKOFF = [timedelta(seconds=seconds) for seconds in (5, 30, 120, 600, 1800, 7200, 18_000, 43_200)]
"""Waits after each failure; after the last one the delivery is a dead letter."""


AT_ONCE = 500
"""So many events at most are told together: what the reaction does to all of them is one transaction."""


class UnknownReaction(LookupError):
    """The delivery names a reaction that the code no longer has."""


def deliver_deliveries(*, at: datetime, limit: int = 500) -> int:
    """Run due reactions until none is left or `limit` were run; how many were done."""
    done: set[int] = set()
    tried = 0
    while tried < limit and (batch := lease_deliveries(at=at, limit=min(50, limit - tried))):
        for delivery in batch:
            if delivery.pk not in done:  # with one of those before it
                done.update(deliver_one(delivery))
        tried += len(batch)
    return len(done)


@transaction.atomic
def lease_deliveries(*, at: datetime, limit: int) -> list[Delivery]:
    """Take due deliveries so that no other worker takes them too, oldest first."""
    due = Delivery.objects.due(at).order_by("run_after", "id").select_for_update(skip_locked=True, of=("self",))
    batch = list(due.select_related("event")[:limit])
    _named(batch).update(leased_until=at + LEASE, attempts=F("attempts") + 1)
    return batch


def deliver_one(delivery: Delivery) -> list[int]:
    """Run one reaction and record the outcome; the ids of the deliveries that are done by that.

    A reaction on our own database shares its transaction with `DONE`. What failed together is told one by one.
    """
    ours: list[Delivery] = []
    try:
        with transaction.atomic():
            ours = _lock_waiting(delivery)
            if not ours:
                return []
            _react(ours)
            _named(ours).update(state=Delivery.State.DONE, done_at=timezone.now(), leased_until=None, last_error="")
    except Exception as error:  # whatever it was, it must be seen and tried again
        log.warning("%s failed for event %s: %s", delivery.reaction, delivery.event_id, type(error).__name__)
        postpone_delivery(delivery, error=error, at=timezone.now())
        waiting = _named(ours[1:]).filter(state=Delivery.State.WAITING)
        waiting.update(last_error=_say(error), leased_until=None)  # whoever had them on a lease has passed them by
        return []
    return [each.pk for each in ours]


def _lock_waiting(delivery: Delivery) -> list[Delivery]:
    """The delivery, unless somebody has done it, and what goes with it: nothing else, or all that waits alike.

    One that somebody is just doing together with others is theirs: who waited for it would wait for all of them.
    """
    together = events.hears_all_at_once(delivery.reaction)
    waiting = Delivery.objects.filter(state=Delivery.State.WAITING).select_related("event")
    ours = list(waiting.filter(id=delivery.id).select_for_update(no_key=True, of=("self",), skip_locked=together))
    if ours and not ours[0].last_error and together:
        # Whatever is committed later has a delivery that is not among these, and so a look of its own.
        alike = waiting.filter(reaction=delivery.reaction, event__type=delivery.event.type, last_error="")
        others = alike.exclude(id=delivery.id).order_by("id")
        ours += others.select_for_update(no_key=True, of=("self",), skip_locked=True)[: AT_ONCE - 1]
    return ours


def postpone_delivery(delivery: Delivery, *, error: Exception, at: datetime) -> None:
    """Wait and try again, or give up and show it to staff."""
    waits = delivery.attempts  # as read before this try
    dead = waits >= len(BACKOFF)
    wait = BACKOFF[min(waits, len(BACKOFF) - 1)] * random.uniform(0.8, 1.2)  # noqa: S311 - jitter, not a secret
    Delivery.objects.filter(id=delivery.id, state=Delivery.State.WAITING).update(
        state=Delivery.State.DEAD if dead else Delivery.State.WAITING,
        run_after=at + wait,
        leased_until=None,
        last_error=_say(error),
    )


def retry_deliveries(deliveries: list[int], *, at: datetime) -> int:
    """Send dead letters again, with a fresh count of attempts; how many there were."""
    return (
        Delivery.objects.dead()
        .filter(id__in=deliveries)
        .update(state=Delivery.State.WAITING, run_after=at, attempts=0, leased_until=None)
    )


def _react(deliveries: Sequence[Delivery]) -> None:
    """Tell the one reaction that these are for, in the order in which it was announced."""
    name, records = deliveries[0].reaction, sorted((each.event for each in deliveries), key=lambda event: event.pk)
    reaction, cls = events.reaction_named(name), events.event_class(records[0].type)
    if reaction is None or cls is None:
        raise UnknownReaction(f"{name} is not wired to {records[0].type}.")
    reaction([cls(subject=event.subject, by=event.by, at=event.at, facts=event.facts) for event in records])


def _named(deliveries: Sequence[Delivery]) -> DeliveryQuerySet:
    return Delivery.objects.filter(id__in=[delivery.id for delivery in deliveries])


def _say(error: Exception) -> str:
    return f"{type(error).__name__}: {error}"[:2000]
