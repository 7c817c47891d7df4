"""What Celery wakes: each task says only "look now"."""

from datetime import timedelta

from celery import shared_task
from django.conf import settings
from django.utils import timezone

from oms.actions.delivering import deliver_deliveries
from oms.actions.reviewing_exceptions import review_exceptions
from oms.bell import bell
from oms.models import StoredAnswer


@shared_task
def deliver_due() -> int:
    """Run every reaction whose moment has come."""
    return deliver_deliveries(at=timezone.now())


@shared_task
def purge_answers() -> int:
    """Forget answers older than the promise to keep them."""
    limit = timezone.now() - timedelta(hours=settings.IDEMPOTENCY_HOURS)
    deleted, _ = StoredAnswer.objects.filter(created_at__lt=limit).delete()
    return deleted


@shared_task
def review_troubles() -> int:
    """Bring the queue of exceptions up to date; how many items were opened or closed."""
    seen = review_exceptions(at=timezone.now())
    return seen.opened + seen.closed


def wake() -> None:
    """Ask for a look at the deliveries; when the broker is away the sweep comes anyway."""
    bell.ring(deliver_due.name)
