"""Learning from the orders of a shop, and which recommender is in use."""

import random
from datetime import timedelta

import pytest

from inventory.models import Variant
from oms.models import EventRecord
from tests.make.moments import ADA, NOON, ONE_DAY, ONE_HOUR
from tests.make.orders import channel, incoming, line, place, placed_order
from tests.make.recommending import campaign, learned, shelve, shown
from upsell.actions.noting_pairs import note_placed
from upsell.actions.swapping import KEPT, swap_recommender
from upsell.actions.training import train_recommender
from upsell.actions.wanting import want_training
from upsell.errors import NotRankable, NotSwappable, TrainingUnderWay
from upsell.models import CategoryNeighbor, Neighbor, RecentPair, Recommender
from upsell.queries.ranked import rank_for_order

pytestmark = pytest.mark.django_db

State = Recommender.State


def said():
    return list(EventRecord.objects.filter(subject_kind="recommender").order_by("id").values_list("type", flat=True))


@pytest.fixture
def shop():
    """Kettles go with tea, towels with soap; a gift bag with everything."""
    for sku, category in {
        "tea": "kitchen",
        "kettle": "kitchen",
        "soap": "bath",
        "towel": "bath",
        "bag": "paper",
    }.items():
        shelve(sku, category=category, on_hand=1000)
    placed_order([line("tea")])
    sell(30)


def sell(times):
    baskets = [["tea", "kettle", "bag"], ["tea", "kettle"], ["soap", "towel", "bag"], ["soap", "towel"]]
    moments = [NOON - timedelta(hours=number) for number in range(1, times + 1)]
    orders = [
        incoming(
            [line(sku) for sku in basket], placed_at=moment.isoformat(), customer={"email": f"b{number}@example.com"}
        )
        for number, moment in enumerate(moments)
        for basket in baskets
    ]
    place(*orders, at=NOON)


def test_what_is_bought_together_is_learned_kept_and_used(shop):
    steps = []
    trained = train_recommender(by=ADA, at=NOON, tell=lambda step, percent: steps.append((step, percent)))

    assert trained.state == State.ACTIVE
    assert (trained.baskets, trained.items, trained.lines) == (120, 5, 300)
    assert trained.pairs == Neighbor.objects.filter(recommender=trained).count() > 0
    assert trained.figures["ours"]["hit_rate"] == 1.0
    assert trained.memory > 0 and trained.seconds > 0
    assert steps[-1] == ("done", 100) and [percent for _, percent in steps] == sorted(percent for _, percent in steps)
    assert said() == ["recommender.trained", "recommender.swapped"]
    ranking = rank_for_order(placed_order([line("tea")]), campaign(), at=NOON)
    assert shown(ranking)[0] == "kettle"
    assert ranking.recommender_id == trained.pk


def test_categories_that_go_together_are_learned_too(shop):
    train_recommender(by=ADA, at=NOON)
    pulls = {(one.category.code, one.neighbor.code): one.strength for one in CategoryNeighbor.objects.all()}
    assert pulls["kitchen", "kitchen"] > 0.3
    assert ("kitchen", "bath") not in pulls


def test_cancelled_and_test_orders_teach_nothing(shop):
    orders = [incoming([line("tea"), line("towel")], test=True) for _ in range(40)]
    place(*orders, at=NOON)
    train_recommender(by=ADA, at=NOON + ONE_HOUR)
    tea, towel = (Variant.objects.get(sku=sku) for sku in ("tea", "towel"))
    assert not Neighbor.objects.filter(item=tea, neighbor=towel).exists()


def test_a_shop_that_sold_next_to_nothing_is_refused_and_its_row_says_why():
    shelve("tea")
    placed_order([line("tea")], at=NOON - ONE_DAY)
    with pytest.raises(NotRankable):
        train_recommender(by=ADA, at=NOON)
    (failed,) = Recommender.objects.all()
    assert failed.state == State.FAILED
    assert "there is nothing to learn" in failed.error
    assert said() == []


def test_only_one_is_trained_at_a_time_unless_the_other_was_killed(shop):
    other = Recommender.objects.create(state=State.TRAINING, began_at=NOON, trained_until=NOON, by=ADA)
    with pytest.raises(TrainingUnderWay):
        train_recommender(by=ADA, at=NOON)
    assert Recommender.objects.count() == 1

    Recommender.objects.update(touched_at=NOON - timedelta(days=400))
    assert train_recommender(by=ADA, at=NOON).state == State.ACTIVE
    other.refresh_from_db()
    assert (other.state, other.error) == (State.FAILED, "It was stopped in the middle.")


def test_wanting_a_training_twice_is_wanting_it_once_and_the_worker_takes_it_up(shop):
    wanted = want_training(by=ADA, at=NOON)
    assert want_training(by="staff:eve", at=NOON) == wanted
    trained = train_recommender(by="system", at=NOON)
    assert (trained.pk, trained.by, trained.state) == (wanted.pk, ADA, State.ACTIVE)


def test_one_that_is_clearly_worse_waits_for_somebody_to_decide():
    skus = [f"item {number}" for number in range(40)]
    for sku in skus:
        shelve(sku, on_hand=100)
    channel()
    best, dice = learned({}), random.Random(6)
    Recommender.objects.update(figures={"ours": {"hit_rate": 0.99, "cases": 400}})
    moments = [(NOON - timedelta(hours=number)).isoformat() for number in range(80)]
    place(*[incoming([line(sku) for sku in dice.sample(skus, 2)], placed_at=at) for at in moments], at=NOON)

    other = train_recommender(by=ADA, at=NOON)
    assert other.state == State.READY
    assert Recommender.objects.get(state=State.ACTIVE) == best
    swap_recommender(recommender=other, by=ADA, at=NOON)
    assert Recommender.objects.get(state=State.ACTIVE) == other


def test_swapping_back_notes_anew_what_was_bought_since(shop):
    first = train_recommender(by=ADA, at=NOON)
    placed_order([line("tea"), line("towel")], at=NOON + ONE_HOUR)
    note_placed(at=NOON + ONE_HOUR)
    noted = set(RecentPair.objects.values_list("item__sku", "neighbor__sku", "weight"))
    second = train_recommender(by=ADA, at=NOON + 2 * ONE_HOUR)
    assert second.state == State.ACTIVE and not RecentPair.objects.exists()
    note_placed(at=NOON + 2 * ONE_HOUR)

    back = swap_recommender(recommender=Recommender.objects.get(pk=first.pk), by=ADA, at=NOON + 3 * ONE_HOUR)
    note_placed(at=NOON + 3 * ONE_HOUR)
    assert back.state == State.ACTIVE
    assert Recommender.objects.get(pk=second.pk).state == State.RETIRED
    assert len(noted) == 2
    assert noted == set(RecentPair.objects.values_list("item__sku", "neighbor__sku", "weight"))


def test_what_was_never_trained_to_its_end_cannot_be_used():
    failed = Recommender.objects.create(state=State.FAILED, began_at=NOON, trained_until=NOON, by=ADA)
    used = learned({})
    with pytest.raises(NotSwappable):
        swap_recommender(recommender=failed, by=ADA, at=NOON)
    assert Recommender.objects.get(state=State.ACTIVE) == used
    assert said() == []


def test_old_ones_are_deleted_but_for_a_few_to_swap_back_to(shop):
    trained = [train_recommender(by=ADA, at=NOON + number * ONE_HOUR) for number in range(KEPT + 2)]
    assert list(Recommender.objects.values_list("id", flat=True)) == [each.pk for each in trained[:0:-1]]
    assert not Neighbor.objects.filter(recommender_id=trained[0].pk).exists()
