"""Which credit is spent, held and allowed to run out."""

from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from returns.policies.credit.spending import (
    Draw,
    Held,
    Part,
    assign_holds,
    cut_draws,
    draw_amount,
    find_over,
    free_parts,
    sort_parts,
    sum_parts,
    take_away,
)
from tests.make.moments import NOON, ONE_DAY, ONE_HOUR

FIVE, TEN = Decimal(5), Decimal(10)


def part(lot: int, left: Decimal = TEN, *, days: int | None = None, bonus: bool = False) -> Part:
    return Part(lot, bonus, left, None if days is None else NOON + days * ONE_DAY)


def test_what_ends_soonest_is_spent_first_and_what_never_ends_last():
    parts = [part(1), part(2, days=9), part(3, days=3)]

    assert [each.lot for each in sort_parts(parts)] == [3, 2, 1]


def test_of_what_ends_together_the_bonus_is_spent_before_base_that_can_become_money_again():
    assert draw_amount([part(1), part(1, FIVE, bonus=True)], Decimal(7)) == [
        Draw(1, True, FIVE),
        Draw(1, False, Decimal(2)),
    ]


def test_a_hold_keeps_what_it_counts_on_from_running_out():
    parts = [part(1, FIVE, days=1), part(2)]
    assigned = assign_holds(parts, [Held("sale", FIVE, NOON)])

    assert assigned == {"sale": [Draw(1, False, FIVE)]}
    assert find_over(free_parts(parts, assigned), NOON + 2 * ONE_DAY) == []


def test_a_hold_that_was_made_after_the_end_of_a_part_does_not_keep_it_alive():
    parts = [part(1, FIVE, days=1), part(2)]
    assigned = assign_holds(parts, [Held("late", FIVE, NOON + 2 * ONE_DAY)])

    assert assigned == {"late": [Draw(2, False, FIVE)]}
    assert find_over(free_parts(parts, assigned), NOON + 2 * ONE_DAY) == [Draw(1, False, FIVE)]


def test_a_part_of_a_hold_spends_what_ends_soonest_of_it():
    assert cut_draws([Draw(1, True, FIVE), Draw(1, False, TEN)], Decimal(8)) == [
        Draw(1, True, FIVE),
        Draw(1, False, Decimal(3)),
    ]


amounts = st.integers(1, 30).map(Decimal)
steps = st.lists(
    st.one_of(
        st.tuples(st.just("give"), amounts, st.none() | st.integers(0, 40)),
        st.tuples(st.just("hold"), amounts, st.none()),
        st.tuples(st.just("void"), st.integers(0, 9), st.none()),
        st.tuples(st.just("capture"), st.integers(0, 9), amounts),
        st.tuples(st.just("wait"), st.integers(1, 72), st.none()),
    ),
    max_size=30,
)


@given(steps)
def test_every_hold_stays_covered_whatever_is_given_spent_freed_or_runs_out(steps: list) -> None:
    parts: list[Part] = []
    holds: dict[str, Held] = {}
    now = NOON
    for place, (deed, number, more) in enumerate(steps):
        free = free_parts(parts, assign_holds(parts, holds.values()))
        parts = take_away(parts, find_over(free, now))
        assigned = assign_holds(parts, holds.values())
        names = sorted(holds)
        name = names[int(number) % len(names)] if names else ""
        if deed == "give":
            parts.append(Part(place, bool(place % 2), number, None if more is None else now + more * ONE_HOUR))
        elif deed == "wait":
            now += int(number) * ONE_HOUR
        elif deed == "hold" and number <= sum_parts(free_parts(parts, assigned)):
            holds[f"hold-{place}"] = Held(f"hold-{place}", number, now)
        elif deed == "void" and name:
            del holds[name]
        elif deed == "capture" and name:
            parts = take_away(parts, cut_draws(assigned[name], min(more, holds.pop(name).amount)))

        covered = assign_holds(parts, holds.values())
        assert {name: sum(draw.amount for draw in draws) for name, draws in covered.items()} == {
            name: held.amount for name, held in holds.items()
        }
