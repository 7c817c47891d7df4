"""All orders of a wave at once."""

from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from orders.policies.routing.choosing import choose_plan
from orders.policies.routing.greedy import route_greedily
from orders.policies.routing.problem import TOLERANCE, Demand, Job, Part, Plan, Site, Wave, Way, find_faults, sum_costs
from orders.policies.routing.together import route_together
from tests.orders.policies.routing.waves import job, sites_of, wave

LONG = 30.0  # seconds: more than any of these small waves takes
CODES, ITEMS = ("A", "B", "C", "D"), ("TEE", "CAP", "MUG")

prices = st.integers(1, 40).map(lambda cents: cents / 4)


@st.composite
def jobs(draw, *, key="1", most=None):
    wanted = draw(st.dictionaries(st.sampled_from(ITEMS), st.integers(1, 4), min_size=1))
    codes = draw(st.sets(st.sampled_from(CODES), min_size=1))
    ways = {code: Way(draw(prices), tuple(draw(prices) / 8 for _ in wanted)) for code in sorted(codes)}
    demands = tuple(Demand(item, float(units)) for item, units in sorted(wanted.items()))
    return Job(key, demands, ways, most or draw(st.integers(1, 3)))


@st.composite
def waves(draw, *, most_jobs=4, most=None):
    wanted = [draw(jobs(key=str(number), most=most)) for number in range(draw(st.integers(1, most_jobs)))]
    capacity = st.one_of(st.none(), st.integers(0, 3).map(float))
    sites = [Site(code, draw(capacity), draw(st.sampled_from([0.0, 0.0, 2.5]))) for code in CODES]
    shelves = st.dictionaries(st.tuples(st.sampled_from(CODES), st.sampled_from(ITEMS)), st.integers(0, 6).map(float))
    return Wave(sites, wanted, draw(shelves))


def solved(problem):
    plan = route_together(problem, seconds=LONG)
    assert plan.gap == pytest.approx(0, abs=1e-6)
    return plan


def test_the_one_who_needs_the_near_warehouse_more_gets_it():
    stock = {"LEJ": {"TEE": 1}, "RTM": {"TEE": 9}}
    first, second = job("1", {"TEE": 1}, {"LEJ": 5.0, "RTM": 6.0}), job("2", {"TEE": 1}, {"LEJ": 5.0, "RTM": 20.0})
    greedy, together = route_greedily(wave(stock, first, second)), solved(wave(stock, first, second))
    assert (greedy.cost, together.cost) == (25.0, 11.0)
    assert sites_of(together, ["1", "2"]) == [{"RTM"}, {"LEJ"}]


def test_nobody_stays_behind_to_save_money():
    stock = {"LEJ": {"TEE": 1}, "SZX": {"TEE": 1}}
    near, far = job("1", {"TEE": 1}, {"LEJ": 5.0, "SZX": 900.0}), job("2", {"TEE": 1}, {"LEJ": 5.0})
    assert solved(wave(stock, near, far)).unrouted == ()


@given(waves())
def test_a_plan_can_be_carried_out(problem):
    assert find_faults(problem, route_greedily(problem)) == []
    assert find_faults(problem, solved(problem)) == []


@given(waves())
def test_together_never_costs_more_and_leaves_nobody_behind_whom_the_other_takes_along(problem):
    greedy, together = route_greedily(problem), solved(problem)
    assert not greedy.beats(together)
    assert choose_plan(problem, seconds=LONG, together=route_together).plan.cost == pytest.approx(together.cost)


@given(waves(most_jobs=1))
def test_for_one_order_alone_the_greedy_way_is_the_best(problem):
    greedy, together = route_greedily(problem), solved(problem)
    assert greedy.unrouted == together.unrouted
    assert greedy.cost == pytest.approx(together.cost)


@given(waves(most_jobs=3, most=1))
def test_no_choice_of_warehouses_at_all_is_better(problem):
    choices = product(*[[None, *each.ways] for each in problem.jobs])
    best = min((_price(problem, choice) for choice in choices), key=lambda price: price)
    together = solved(problem)
    assert (len(together.unrouted), pytest.approx(together.cost)) == best


def _price(problem, choice):
    """How many stay behind and what the rest costs; whoever is in the way of a fault stands for no plan at all."""
    from_ = {each.key: site for each, site in zip(problem.jobs, choice, strict=True) if site}
    routes = {
        each.key: [Part(from_[each.key], place, demand.units) for place, demand in enumerate(each.demands)]
        for each in problem.jobs
        if each.key in from_
    }
    behind = tuple(each.key for each in problem.jobs if each.key not in from_)
    plan = Plan(routes, behind, sum_costs(problem, routes))
    return (99, 0.0) if find_faults(problem, plan) else (len(behind), plan.cost)


@given(waves(), st.sampled_from(CODES), st.sampled_from(ITEMS))
def test_more_stock_never_makes_it_dearer(problem, code, item):
    before = solved(problem)
    more = dict(problem.stock)
    more[code, item] = more.get((code, item), 0.0) + 2
    after = solved(Wave(problem.sites, problem.jobs, more, problem.counts))
    assert len(after.unrouted) <= len(before.unrouted)
    if after.unrouted == before.unrouted:
        assert after.cost <= before.cost + TOLERANCE


@given(waves(), st.randoms(use_true_random=False))
def test_the_same_wave_has_the_same_plan_however_it_is_told(problem, chance):
    sites, stock = list(problem.sites), list(problem.stock.items())
    chance.shuffle(sites), chance.shuffle(stock)
    told = [Job(each.key, each.demands, dict(reversed(each.ways.items())), each.most_parcels) for each in problem.jobs]
    again = Wave(sites, told, dict(stock), problem.counts)
    assert route_greedily(again) == route_greedily(problem)
    assert solved(problem).routes == solved(problem).routes
    assert solved(again).cost == pytest.approx(solved(problem).cost)
