"""What Celery wakes in returns."""

from celery import shared_task
from django.utils import timezone

from returns.actions import following
from returns.actions.advancing import mark_overdue
from returns.actions.credit import expiring
from returns.actions.expiring import close_unsent, remind_unsent
from returns.actions.judging import count_peers
from returns.actions.missing import give_up_parcels
from returns.actions.photographing import purge_drafts

AT_ONCE = 500


@shared_task
def purge_photo_drafts() -> int:
    """Forget photos of returns that were begun and never sent."""
    return purge_drafts(at=timezone.now())


@shared_task
def count_peer_shares() -> int:
    """Count anew what everybody sends back: what a customer's own share is held against."""
    return count_peers(at=timezone.now())


@shared_task
def mark_late_advances() -> int:
    """What was given in advance for goods that did not come in time waits for a person."""
    return mark_overdue(at=timezone.now())


@shared_task
def expire_credit() -> int:
    """End authorizations and credit that are out of time, in batches."""
    ended = 0
    while batch := expiring.expire_credit(at=timezone.now()):
        ended += batch
    return ended


@shared_task
def warn_of_credit_ends() -> int:
    """Have customers told what of their credit ends soon, in batches."""
    warned = 0
    while batch := expiring.warn_of_ends(at=timezone.now()):
        warned += batch
    return warned


@shared_task
def end_unsent_returns() -> int:
    """Remind those whose returns close soon, and close those that nobody sent; how many closed."""
    while remind_unsent(at=timezone.now(), limit=AT_ONCE) == AT_ONCE:
        pass
    ended = 0
    while batch := close_unsent(at=timezone.now(), limit=AT_ONCE):
        ended += batch
    return ended


@shared_task
def follow_announced_parcels() -> int:
    """Ask about parcels that customers sent with carriers of their own; how many."""
    return following.follow_announced(at=timezone.now())


@shared_task
def give_up_lost_parcels() -> int:
    """Returns that were scanned and never came wait for a person; how many."""
    return give_up_parcels(at=timezone.now())
