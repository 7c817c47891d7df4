"""Having a recommender trained by a worker: a web process carries nothing that learns."""

from datetime import datetime

from django.db import transaction

from oms.bell import bell
from oms.transactions import transactional
from upsell.models import Recommender

TASK = "upsell.tasks.train_wanted"


@transactional
def want_training(*, by: str, at: datetime) -> Recommender:
    """The training that waits, or is being done; a new one where neither is. The worker is woken after the commit."""
    under_way = Recommender.objects.filter(state__in=(Recommender.State.WANTED, Recommender.State.TRAINING))
    if found := under_way.order_by("state").first():
        return found
    wanted = Recommender.objects.create(state=Recommender.State.WANTED, began_at=at, trained_until=at, by=by)
    transaction.on_commit(wake_trainer, robust=True)
    return wanted


def wake_trainer() -> None:
    bell.ring(TASK)
