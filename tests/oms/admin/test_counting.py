from decimal import Decimal

import pytest

from oms.admin.counting import count_up_to, list_distinct, say_count
from oms.admin.plots import nice_ceiling, plot_curve, plot_stacks
from oms.models import EventRecord
from tests.make.moments import NOON


def make_events(*types: str) -> None:
    EventRecord.objects.bulk_create(
        EventRecord(type=type_, subject_kind="k", subject="s", sequence=place, by="system", at=NOON)
        for place, type_ in enumerate(types, start=1)
    )


@pytest.mark.django_db
def test_counting_stops_one_beyond_the_limit():
    make_events(*["t"] * 7)

    assert count_up_to(EventRecord.objects.all(), 10) == 7
    assert count_up_to(EventRecord.objects.all(), 5) == 6


@pytest.mark.parametrize(
    ("number", "said"),
    [
        (0, "0 orders"),
        (1, "1 order"),
        (1200, "1,200 orders"),
        (10_000, "10,000 orders"),
        (10_001, "more than 10,000 orders"),
    ],
)
def test_a_count_is_said_in_words(number, said):
    assert say_count(number, noun="order", nouns="orders") == said


@pytest.mark.django_db
def test_the_values_of_a_column_are_found_by_hopping_over_its_index():
    make_events("b", "a", "b", "c", "a")

    assert list_distinct(EventRecord, "type") == ["a", "b", "c"]


@pytest.mark.django_db
def test_an_empty_table_has_no_values():
    assert list_distinct(EventRecord, "type") == []


@pytest.mark.parametrize(
    ("figure", "ceiling"), [(0, 4), (4, 4), (5, 8), (9, 12), (39, 40), (41, 60), (85, 100), (999_999, 1_000_000)]
)
def test_an_axis_ends_at_a_figure_whose_quarters_are_round(figure, ceiling):
    assert nice_ceiling(figure) == ceiling


def test_stacks_stand_on_each_other_and_say_what_they_are():
    plot = plot_stacks(["1 Nov", "2 Nov"], [("web", [2, 0]), ("amazon", [1, 3])])

    first, second, third = plot.bars
    assert [bar.said for bar in plot.bars] == ["1 Nov, web: 2", "1 Nov, amazon: 1", "2 Nov, amazon: 3"]
    assert first.y == pytest.approx(second.y + second.height)
    assert third.height == pytest.approx(first.height + second.height)


def test_stacks_of_money_are_drawn_to_the_cent():
    plot = plot_stacks(["LEJ"], [("freight", [Decimal("4.10")]), ("waiting", [Decimal("0.73")])])

    freight, waiting = plot.bars
    assert [bar.said for bar in plot.bars] == ["LEJ, freight: 4.10", "LEJ, waiting: 0.73"]
    assert freight.height / waiting.height == pytest.approx(4.10 / 0.73, rel=0.01)


def test_a_curve_begins_at_the_left_and_ends_at_the_right():
    plot = plot_curve([0, 5], [(0.0, "then"), (1.0, "now")])

    assert plot.line == "44.0,196.0 382.0,196.0 382.0,78.5 720.0,78.5"
