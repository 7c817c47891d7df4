"""What Celery wakes in orders."""

from celery import shared_task
from django.utils import timezone

from orders.actions.releasing import release_due_orders

AT_ONCE = 500


@shared_task
def release_due() -> int:
    """Release every order whose window has run out, in batches."""
    ended = 0
    while batch := release_due_orders(by="system", at=timezone.now(), limit=AT_ONCE):
        ended += batch
    return ended
