"""What Celery wakes in returns."""

from celery import shared_task
from django.utils import timezone

from returns.actions.advancing import mark_overdue
from returns.actions.judging import count_peers


@shared_task
def count_peer_shares() -> int:
    """Count anew what everybody sends back: what a customer's own share is held against."""
    return count_peers(at=timezone.now())


@shared_task
def mark_late_advances() -> int:
    """What was given in advance for goods that did not come in time waits for a person."""
    return mark_overdue(at=timezone.now())
