"""What Celery wakes: each task says only "look now"."""

from datetime import timedelta

from celery import shared_task
from django.conf import settings
from django.utils import timezone

from oms.actions import mailing
from oms.actions.delivering import deliver_deliveries
from oms.bell import bell
from oms.models import StoredAnswer


@shared_task
def deliver_due() -> int:
    """Run every reaction whose moment has come."""
    return deliver_deliveries(at=timezone.now())


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


def wake() -> None:
    """Ask for a look at the deliveries; when the broker is away the sweep comes anyway."""
    bell.ring(deliver_due.name)
