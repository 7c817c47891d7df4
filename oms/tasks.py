"""What Celery wakes: each task says only "look now"."""

from collections.abc import Callable
from datetime import datetime, timedelta
from threading import Lock

from celery import shared_task
from django.conf import settings
from django.utils import timezone

from oms.actions import mailing
from oms.actions.delivering import deliver_deliveries
from oms.actions.reviewing_exceptions import review_exceptions
from oms.actions.webhooks.leasing import FAST, SLOW, Lane
from oms.actions.webhooks.purging import purge_webhooks
from oms.actions.webhooks.queueing import queue_events
from oms.actions.webhooks.replaying import continue_replays
from oms.actions.webhooks.sending import send_webhooks
from oms.bell import bell
from oms.models import StoredAnswer

LONGEST_ROUND = timedelta(minutes=1)
"""Then it is another one's turn: nobody has a worker to himself."""


@shared_task
def deliver_due() -> int:
    """Run every reaction whose moment has come, as long as there is one that succeeds."""
    done, until = 0, timezone.now() + LONGEST_ROUND
    while timezone.now() < until and (batch := deliver_deliveries(at=timezone.now())):
        done += batch
    return done


@shared_task
def send_messages() -> int:
    """Send every mail whose moment has come, in batches."""
    sent = 0
    while batch := mailing.send_messages(at=timezone.now()):
        sent += batch
    return sent


@shared_task
def forget_mails() -> int:
    """Forget the words of mails of long ago."""
    return mailing.forget_words(at=timezone.now())


@shared_task
def purge_answers() -> int:
    """Forget answers older than the promise to keep them."""
    limit = timezone.now() - timedelta(hours=settings.IDEMPOTENCY_HOURS)
    deleted, _ = StoredAnswer.objects.filter(created_at__lt=limit).delete()
    return deleted


@shared_task
def send_fast_webhooks() -> int:
    """Queue what was announced, and tell the partners who answer as they should."""
    return _send(FAST, _prepare)


@shared_task
def send_slow_webhooks() -> int:
    """Tell the partners who fail or take their time."""
    return _send(SLOW, lambda at: None)


@shared_task
def purge_old_webhooks() -> int:
    """Forget deliveries older than the promise to keep them."""
    return purge_webhooks(at=timezone.now())


_sending = {FAST: Lock(), SLOW: Lock()}
"""One sender a lane and process is enough: it has threads of its own."""


def _send(lane: Lane, before_each: Callable[[datetime], object]) -> int:
    if not _sending[lane].acquire(blocking=False):
        return 0
    try:
        return send_webhooks(lane, clock=timezone.now, before_each=before_each)
    finally:
        _sending[lane].release()


def _prepare(at: datetime) -> None:
    queue_events(at=at)
    continue_replays(at=at)


@shared_task
def review_troubles() -> int:
    """Bring the queue of exceptions up to date; how many items were opened or closed."""
    seen = review_exceptions(at=timezone.now())
    return seen.opened + seen.closed


def wake() -> None:
    """Ask for a look at the deliveries; when the broker is away the sweep comes anyway."""
    bell.ring(deliver_due.name)
