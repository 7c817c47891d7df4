"""`train_recommender` on the command line, and what a worker does each night and each minute."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from tests.make.moments import ADA, ONE_DAY, ONE_MINUTE
from tests.make.orders import incoming, line, place, placed_order
from tests.make.recommending import shelve
from upsell.actions.wanting import want_training
from upsell.models import RecentPair, Recommender
from upsell.tasks import note_pairs, train_nightly, train_wanted

pytestmark = pytest.mark.django_db

State = Recommender.State


@pytest.fixture
def shop():
    for sku in ("tea", "kettle", "soap"):
        shelve(sku, on_hand=1000)
    now = timezone.now()
    placed_order([line("soap")], at=now - ONE_DAY)
    sell(*[now - ONE_DAY + number * ONE_MINUTE for number in range(30)], skus=("tea", "kettle"))


def sell(*moments, skus):
    orders = [incoming([line(sku) for sku in skus], placed_at=at.isoformat()) for at in moments]
    place(*orders, at=timezone.now())


def train():
    out, err = StringIO(), StringIO()
    call_command("train_recommender", stdout=out, stderr=err)
    return out.getvalue(), err.getvalue()


def test_it_says_what_it_learned_and_how_far_it_is(shop):
    said, told = train()
    assert "31 orders of 3 items taught 2 pairs" in said
    assert "ours" in said and "item cosine" in said
    assert [row.split()[-1] for row in told.splitlines()] == ["reading", "trying", "learning", "writing", "done"]
    assert Recommender.objects.get().state == State.ACTIVE


def test_a_shop_with_nothing_to_learn_from_is_told_so():
    with pytest.raises(CommandError, match="nothing to learn"):
        train()


def test_the_worker_trains_at_night_and_when_somebody_wants_it(shop):
    assert train_wanted() == 0
    assert train_nightly() == 1
    want_training(by=ADA, at=timezone.now())
    assert train_wanted() == 1
    known = list(Recommender.objects.values_list("state", "by"))
    assert known == [(State.ACTIVE, ADA), (State.RETIRED, "system:nightly")]


def test_the_worker_leaves_a_shop_alone_that_has_nothing_to_learn_from():
    assert train_nightly() == 0
    assert Recommender.objects.get().state == State.FAILED


def test_the_worker_notes_what_was_bought_together_since(shop):
    train_nightly()
    sell(*[timezone.now()] * 3, skus=("tea", "soap"))
    assert note_pairs() == 2
    assert set(RecentPair.objects.values_list("item__sku", "neighbor__sku")) == {("tea", "soap"), ("soap", "tea")}
