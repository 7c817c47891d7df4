"""Which recommender is in use."""

from datetime import datetime

from oms import events
from oms.sql import fetch_all
from oms.transactions import transactional
from upsell.errors import NotSwappable
from upsell.events import RecommenderSwapped
from upsell.models import RecentPair, Recommender

State = Recommender.State
KEPT = 3
"""Recommenders that can be swapped back to, and failures that can be looked at."""

_LOCK = "SELECT id FROM upsell_recommender WHERE state = 'ACTIVE' OR id = %(id)s ORDER BY id FOR UPDATE"


@transactional
def swap_recommender(*, recommender: Recommender, by: str, at: datetime) -> Recommender:
    """Use this one from now on, an older one as well as a new one. Whoever ranks sees either the one or the other.

    What was bought together since the other was trained is forgotten, and what was since this one was is noted anew.

    Raises:
        NotSwappable: it was never trained to its end.
    """
    fetch_all(_LOCK, {"id": recommender.pk})
    recommender.refresh_from_db()
    if recommender.state == State.ACTIVE:
        return recommender
    if recommender.state not in (State.READY, State.RETIRED):
        raise NotSwappable(recommender.pk, state=recommender.state)

    before = Recommender.objects.filter(state=State.ACTIVE).first()
    Recommender.objects.filter(state=State.ACTIVE).update(state=State.RETIRED)
    recommender.state = State.ACTIVE
    recommender.noted_turn, recommender.noted_event = recommender.trained_turn, recommender.trained_event
    recommender.save(update_fields=["state", "noted_turn", "noted_event"])
    RecentPair.objects.all().delete()
    facts = {"before": before.pk if before else None}
    events.publish([RecommenderSwapped(subject=str(recommender.pk), by=by, at=at, facts=facts)])
    return recommender


@transactional
def forget_old() -> int:
    """Delete what can no longer be swapped back to; how many."""
    old: list[int] = []
    for states in ([State.READY, State.RETIRED], [State.FAILED]):
        of_these = Recommender.objects.filter(state__in=states).order_by("-id")
        old += of_these.values_list("id", flat=True)[KEPT:]
    Recommender.objects.filter(id__in=old).delete()  # their pairs go by one statement each, without passing here
    return len(old)
