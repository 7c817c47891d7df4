"""Training: what is bought with what is learned anew each night, tried out, and put to use if it is no worse.

Each step is a transaction of its own, so that whoever looks sees how far it is; the pairs come with one statement. A
training that nobody touched for a while was killed in the middle: the next one says so.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import numpy as np
from django.db import connection
from django.db.models.functions import Now

from oms import events
from oms.errors import Refused
from oms.queries.event_log import BEGINNING, Place
from oms.transactions import transactional
from upsell.actions.swapping import forget_old, swap_recommender
from upsell.actions.weighing import forget_peak, read_peak
from upsell.errors import NotRankable, TrainingUnderWay
from upsell.events import RecommenderTrained
from upsell.models import CategoryNeighbor, Recommender
from upsell.policies.affinities import Affinities, learn_affinities
from upsell.policies.baskets import BasketTable, Purchases, gather_baskets, tabulate_purchases
from upsell.policies.kinships import learn_pulls
from upsell.policies.trials import LATER_SHARE, MOST_CASES, OURS, Figures, is_clearly_worse, try_out
from upsell.queries.placed import read_end
from upsell.queries.purchases import read_catalogue, read_purchases

State = Recommender.State
FEWEST_BASKETS = 20
"""Of two items or more."""
STALLED = timedelta(minutes=15)

Tell = Callable[[str, int], None]
"""Hears the step that begins, and how many percent are done."""


def train_recommender(*, by: str, at: datetime, tell: Tell = lambda step, percent: None) -> Recommender:
    """Learn from what was ordered until now; use it, unless it is clearly worse than the one in use: then it is READY,
    and staff decide.

    Raises:
        NotRankable: too few orders hold more than one item.
        TrainingUnderWay: another one is at it.
    """
    begun, mine = time.perf_counter(), _begin(by=by, at=at)
    forget_peak()
    progress = _Progress(mine, tell)
    try:
        learned = _learn(progress, at=at)
        progress.note("writing", 85)
        trained = _keep(learned, mine, by=by, at=at, seconds=time.perf_counter() - begun)
    except BaseException as error:  # killed by a signal, too: nobody should wait for it
        words = str(error) if isinstance(error, Refused) else f"{type(error).__name__}: {error}"
        Recommender.objects.filter(pk=mine.pk).update(state=State.FAILED, done_at=at, error=words[:500])
        raise
    tell("done", 100)
    if not _is_worse(trained):
        trained = swap_recommender(recommender=trained, by=by, at=at)
    forget_old()
    return trained


@dataclass(frozen=True)
class _Progress:
    mine: Recommender
    tell: Tell

    def note(self, step: str, percent: int) -> None:
        Recommender.objects.filter(pk=self.mine.pk).update(step=step, percent=percent, touched_at=Now())
        self.tell(step, percent)


@dataclass(frozen=True)
class _Learned:
    bought: Purchases
    affinities: Affinities
    pulls: list[tuple[int, int, float]]
    figures: Figures = field(default_factory=dict)
    place: Place = BEGINNING


@transactional
def _begin(*, by: str, at: datetime) -> Recommender:
    """Take up the one that somebody wanted, or a new one."""
    under_way = Recommender.objects.select_for_update().filter(state=State.TRAINING)
    under_way.filter(touched_at__lt=Now() - STALLED).update(
        state=State.FAILED, done_at=at, error="It was stopped in the middle."
    )
    if other := under_way.first():
        raise TrainingUnderWay(other.pk, step=other.step, percent=other.percent)

    mine = Recommender.objects.select_for_update().filter(state=State.WANTED).first() or Recommender(by=by)
    mine.state, mine.began_at, mine.trained_until = State.TRAINING, at, at
    mine.touched_at = Now()
    mine.save()
    return mine


def _learn(progress: _Progress, *, at: datetime) -> _Learned:
    progress.note("reading", 5)
    place = read_end()  # before reading: what is placed meanwhile may count twice until tomorrow, never not at all
    bought = read_purchases(until=at)
    table, ages = tabulate_purchases(bought)
    if np.count_nonzero(table.sizes > 1) < FEWEST_BASKETS:
        raise NotRankable(
            f"Fewer than {FEWEST_BASKETS} orders hold more than one item: there is nothing to learn from."
        )

    progress.note("trying", 20)
    figures = _try_out(bought, ages, at=at)
    progress.note("learning", 55)
    affinities = learn_affinities(table, ages=ages)
    pulls = learn_pulls(bought.orders, read_catalogue().categories_of(bought.items))
    return _Learned(bought, affinities, pulls, figures, place)


def _try_out(bought: Purchases, ages: np.ndarray, *, at: datetime) -> Figures:
    """What the same way of learning makes of all but the newest baskets, asked for items of those."""
    newest = min(MOST_CASES, int(len(ages) * LATER_SHARE))
    if not newest:
        return {}
    border = np.partition(ages, newest)[newest]
    taught, later = bought.of(bought.ages >= border), bought.of(bought.ages < border)
    table, aged = tabulate_purchases(taught)
    asked = gather_baskets(later, now=at)
    buyers = np.unique(later.customers[later.customers > 0])
    before = gather_baskets(taught.of(np.isin(taught.customers, buyers)), now=at)

    def learn(table: BasketTable) -> Affinities:
        return learn_affinities(table, ages=aged)

    return try_out(learn, table, before, asked)


@transactional
def _keep(learned: _Learned, mine: Recommender, *, by: str, at: datetime, seconds: float) -> Recommender:
    pairs = _copy_pairs(learned.affinities, mine.pk)
    CategoryNeighbor.objects.bulk_create(
        CategoryNeighbor(recommender=mine, category_id=one, neighbor_id=other, strength=min(strength, 1.0))
        for one, other, strength in learned.pulls
    )
    table = learned.affinities.table
    mine.state, mine.done_at, mine.step, mine.percent = State.READY, at, "done", 100
    mine.baskets, mine.items = table.matrix.shape
    mine.lines, mine.pairs = len(learned.bought.orders), pairs
    mine.trained_turn, mine.trained_event = learned.place
    mine.seconds, mine.memory, mine.figures = round(seconds, 2), round(read_peak(), 1), dict(learned.figures)
    mine.save()
    facts = {name: getattr(mine, name) for name in ("baskets", "lines", "items")}
    events.publish([RecommenderTrained(subject=str(mine.pk), by=by, at=at, facts=facts)])
    return mine


def _copy_pairs(affinities: Affinities, recommender: int) -> int:
    """Pairs of variants that were deleted meanwhile are refused by their foreign keys, and the whole with them."""
    strength, items = affinities.strength.tocoo(), affinities.table.items
    rows = zip(strength.row.tolist(), strength.col.tolist(), strength.data.tolist(), strict=True)
    lines = [f"{recommender}\t{items[item]}\t{items[about]}\t{said:.6g}\n" for item, about, said in rows]
    statement = "COPY upsell_neighbor (recommender_id, item_id, neighbor_id, strength) FROM STDIN"
    with connection.cursor() as cursor, cursor.copy(statement) as copy:
        copy.write("".join(lines))
    return len(lines)


def _is_worse(trained: Recommender) -> bool:
    """Than the one in use was on its own newest baskets, or than item cosine on the same."""
    used = Recommender.objects.filter(state=State.ACTIVE).first()
    mine = trained.figures.get(OURS, {})
    rivals = [trained.figures.get("item cosine", {}), used.figures.get(OURS, {}) if used else {}]
    return any(is_clearly_worse(mine, rival) for rival in rivals)
