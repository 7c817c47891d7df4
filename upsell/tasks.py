"""What Celery wakes in upsell."""

from celery import shared_task
from django.utils import timezone

from upsell.actions.noting_pairs import note_placed
from upsell.actions.training import train_recommender
from upsell.actions.wanting import want_training
from upsell.errors import NotRankable, TrainingUnderWay
from upsell.models import Recommender

NIGHTLY = "system:nightly"


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
