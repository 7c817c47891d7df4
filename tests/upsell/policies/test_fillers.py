from itertools import combinations

from hypothesis import example, given
from hypothesis import strategies as st

from upsell.policies.fillers import Filler, Filling, find_fillers


def shelf(*values):
    return [Filler(f"SKU-{place}", value) for place, value in enumerate(values)]


def skus(filling):
    return [filler.sku for filler in filling.fillers]


def brute_force(gap, values, most):
    """Every set, one by one: by how much it exceeds the gap, of how many, and where they stand."""
    stocked = [place for place, value in enumerate(values) if value > 0]
    sets = [
        (sum(values[place] for place in places) - gap, len(places), sum(places), places)
        for items in range(1, most + 1)
        for places in combinations(stocked, items)
        if gap > 0 and sum(values[place] for place in places) >= gap
    ]
    return min(sets, default=None)


@given(st.integers(-5, 120), st.lists(st.integers(0, 60), max_size=12), st.integers(1, 3))
@example(30, [10, 10, 10, 30], 3)
@example(30, [15, 15, 15], 2)
def test_no_other_set_is_better_by_overspend_then_number_then_place_on_the_shelf(gap, values, most):
    found, best = find_fillers(gap, shelf(*values), most), brute_force(gap, values, most)
    if best is None:
        assert found is None
    else:
        overspend, _, _, places = best
        assert found == Filling(tuple(Filler(f"SKU-{place}", values[place]) for place in places), overspend)


def test_of_equal_sets_the_one_nearest_the_front_of_the_shelf_is_taken():
    assert skus(find_fillers(30, shelf(20, 10, 10, 20))) == ["SKU-0", "SKU-1"]


def test_one_that_fits_exactly_is_better_than_three_that_do():
    assert find_fillers(30, shelf(10, 10, 10, 30)) == Filling((Filler("SKU-3", 30),), 0)


def test_three_together_beat_one_that_costs_a_minor_unit_too_much():
    assert skus(find_fillers(30, shelf(31, 9, 10, 11))) == ["SKU-1", "SKU-2", "SKU-3"]


def test_where_nothing_is_missing_or_nothing_reaches_nothing_is_found():
    assert find_fillers(0, shelf(10)) is None
    assert find_fillers(100, shelf(10, 20, 30)) is None


def test_two_hundred_goods_are_looked_through_to_the_last_set():
    goods = shelf(*(100 + 7 * place for place in range(200)))
    found = find_fillers(4_002, goods)
    assert found.overspend == 1
