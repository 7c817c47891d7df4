"""What Celery wakes in offers."""

from datetime import timedelta

from celery import shared_task
from django.utils import timezone

from upsell.actions import mailing_room
from upsell.actions.counting import count_behind
from upsell.actions.expiring import expire_offers
from upsell.wording.letters.room import write_room

TWO_NIGHTS = timedelta(days=2)


@shared_task
def count_offers_behind() -> int:
    """Count anew what offers brought where something changed and nobody counted."""
    at = timezone.now()
    return count_behind(since=at - TWO_NIGHTS, at=at)


@shared_task
def send_room_mails() -> int:
    """Tell customers that there is still room in their parcel; how many were told."""
    return mailing_room.send_room_mails(write=write_room, at=timezone.now())


@shared_task
def end_late_offers() -> int:
    """Note that offers ended with their windows."""
    return expire_offers(at=timezone.now())
