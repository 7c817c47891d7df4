"""What Celery wakes in offers."""

from datetime import timedelta

from celery import shared_task
from django.conf import settings
from django.utils import timezone

from upsell.actions import mailing_room
from upsell.actions.counting import count_behind
from upsell.actions.expiring import expire_offers
from upsell.actions.noting_pairs import note_placed
from upsell.actions.rolling_up import roll_up_figures
from upsell.actions.training import train_recommender
from upsell.actions.wanting import want_training
from upsell.errors import NotRankable, TrainingUnderWay
from upsell.models import Recommender
from upsell.wording.letters.room import write_room

TWO_NIGHTS = timedelta(days=2)
NIGHTLY = "system:nightly"


@shared_task
def count_offers_behind() -> int:
    """Count anew what offers brought where something changed and nobody counted."""
    at = timezone.now()
    return count_behind(since=at - TWO_NIGHTS, at=at)


@shared_task
def roll_up_offers() -> int:
    """Count the days anew of which something changed since they were kept."""
    return roll_up_figures(zone=settings.TIME_ZONE)


@shared_task
def end_late_offers() -> int:
    """Note that offers ended with their windows."""
    return expire_offers(at=timezone.now())


@shared_task
def note_pairs() -> int:
    """Note what was bought together since the last look; how many pairs."""
    noted, more = note_placed(at=timezone.now())
    pairs = noted.pairs
    while more:
        noted, more = note_placed(at=timezone.now())
        pairs += noted.pairs
    return pairs


@shared_task
def train_nightly() -> int:
    """Train from what was ordered until now."""
    want_training(by=NIGHTLY, at=timezone.now())
    return train_wanted()


@shared_task
def train_wanted() -> int:
    """Train what somebody wants trained; how many. What cannot be, says so in its row."""
    if not Recommender.objects.filter(state=Recommender.State.WANTED).exists():
        return 0
    try:
        train_recommender(by=NIGHTLY, at=timezone.now())
    except (NotRankable, TrainingUnderWay):
        return 0
    return 1


@shared_task
def send_room_mails() -> int:
    """Tell customers that there is still room in their parcel; how many were told."""
    return mailing_room.send_room_mails(write=write_room, at=timezone.now())
