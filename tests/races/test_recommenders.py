"""The recommender is swapped while a worker notes what was bought together: each basket counts once.

Thirty rounds, or as many as RACE_ROUNDS says.
"""

import os
from math import sqrt
from threading import Barrier

import pytest

from tests.make.moments import ADA, NOON
from tests.make.orders import line, placed_order
from tests.make.recommending import learned, shelve
from tests.races.together import PATIENCE, errors_of, run_together
from upsell.actions.noting_pairs import note_pairs, note_placed
from upsell.actions.swapping import swap_recommender
from upsell.models import RecentPair, Recommender
from upsell.queries.placed import read_placed

pytestmark = pytest.mark.django_db(transaction=True)

ROUNDS = int(os.environ.get("RACE_ROUNDS", "30"))
ONE = 1 / sqrt(2)
"""What a basket of two weighs."""


@pytest.fixture(autouse=True)
def shop():
    """Two recommenders, both trained before anything was bought: one in use, one ready."""
    for sku in ("TEE", "MUG"):
        shelve(sku, on_hand=1000)
    learned({("TEE", "MUG"): 1.0})
    Recommender.objects.create(state="READY", began_at=NOON, done_at=NOON, trained_until=NOON, by=ADA)


def buy():
    placed_order([line("TEE"), line("MUG")])


def weight():
    return RecentPair.objects.get(item__sku="TEE", neighbor__sku="MUG").weight


def note():
    note_placed(at=NOON)


def test_swapping_against_noting_counts_every_basket_once():
    for baskets in range(1, ROUNDS + 1):
        buy()
        other = Recommender.objects.exclude(state="ACTIVE").get()
        swap = lambda other=other: swap_recommender(recommender=other, by=ADA, at=NOON)  # noqa: E731
        assert errors_of(run_together(note, swap, note)) == []
        note()

        other.refresh_from_db()
        assert (other.state, Recommender.objects.filter(state="ACTIVE").count()) == ("ACTIVE", 1)
        assert weight() == pytest.approx(baskets * ONE)


def test_control_who_reads_the_log_without_the_recommenders_lock_counts_twice():
    looked = Barrier(2)
    buy()
    mine = Recommender.objects.get(state="ACTIVE")

    def note_without():
        log = read_placed((mine.noted_turn, mine.noted_event), limit=500)
        looked.wait(PATIENCE)
        note_pairs(log.numbers, at=NOON)

    assert errors_of(run_together(note_without, note_without)) == []
    assert weight() == pytest.approx(2 * ONE)
