"""Whatever is ordered and wherever it lies, a routing plan adds up; and what is called the best is the best."""

from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from orders.policies.routing.choosing import choose_plan
from orders.policies.routing.greedy import route_greedily
from orders.policies.routing.problem import TOLERANCE, Demand, Job, Part, Plan, Site, Wave, Way, find_faults, sum_costs
from orders.policies.routing.together import route_together
from tests.properties.profiles import ROWS

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
def waves(draw, *, most_jobs=4, most=None, either=True):
    wanted = [draw(jobs(key=str(number), most=most)) for number in range(draw(st.integers(1, most_jobs)))]
    capacity = st.one_of(st.none(), st.integers(0, 3).map(float))
    sites = [Site(code, draw(capacity), draw(st.sampled_from([0.0, 0.0, 2.5]))) for code in CODES]
    shelves = st.dictionaries(st.tuples(st.sampled_from(CODES), st.sampled_from(ITEMS)), st.integers(0, 6).map(float))
    return Wave(sites, wanted, draw(shelves), draw(st.sampled_from(["parcels", "units"])) if either else "parcels")


def solved(problem):
    plan = route_together(problem, seconds=LONG)
    assert plan.gap == pytest.approx(0, abs=1e-6)
    return plan


@given(waves())
@ROWS
def test_a_plan_can_be_carried_out(problem):
    assert find_faults(problem, route_greedily(problem)) == []
    assert find_faults(problem, solved(problem)) == []


@given(waves())
@ROWS
def test_together_never_costs_more_and_leaves_nobody_behind_whom_the_other_takes_along(problem):
    greedy, together = route_greedily(problem), solved(problem)
    assert not greedy.beats(together)
    choice = choose_plan(problem, seconds=LONG, together=route_together)
    assert choice.plan.cost == pytest.approx(together.cost)
    assert choice.plan.gap == pytest.approx(0, abs=1e-6)


@given(waves(most_jobs=1, either=False))
@ROWS
def test_for_one_order_alone_the_greedy_way_is_the_best(problem):
    greedy, together = route_greedily(problem), solved(problem)
    assert greedy.unrouted == together.unrouted
    assert greedy.cost == pytest.approx(together.cost)


@given(waves(most_jobs=3, most=1))
@ROWS
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
@ROWS
def test_more_stock_never_makes_it_dearer(problem, code, item):
    before = solved(problem)
    more = dict(problem.stock)
    more[code, item] = more.get((code, item), 0.0) + 2
    after = solved(Wave(problem.sites, problem.jobs, more, problem.counts))
    assert len(after.unrouted) <= len(before.unrouted)
    if after.unrouted == before.unrouted:
        assert after.cost <= before.cost + TOLERANCE


@given(waves(), st.randoms(use_true_random=False))
@ROWS
def test_the_same_wave_has_the_same_plan_however_it_is_told(problem, chance):
    sites, stock = list(problem.sites), list(problem.stock.items())
    chance.shuffle(sites), chance.shuffle(stock)
    told = [Job(each.key, each.demands, dict(reversed(each.ways.items())), each.most_parcels) for each in problem.jobs]
    again = Wave(sites, told, dict(stock), problem.counts)
    assert route_greedily(again) == route_greedily(problem)
    assert solved(problem).routes == solved(problem).routes
    assert solved(again).cost == pytest.approx(solved(problem).cost)


@given(waves())
@ROWS
def test_a_warehouse_that_is_not_there_or_can_do_nothing_is_never_used(problem):
    closed = {site.code for site in problem.sites if site.capacity == 0}
    for plan in (route_greedily(problem), solved(problem), route_together(problem, seconds=LONG, whole_up_to=0)):
        for each in problem.jobs:
            sites = {part.site for part in plan.routes.get(each.key, ())}
            assert sites <= each.ways.keys() - closed


@given(waves())
@ROWS
def test_by_prices_a_plan_adds_up_is_never_worse_than_greedy_and_its_bound_holds(problem):
    greedy, priced = route_greedily(problem), route_together(problem, seconds=LONG, whole_up_to=0)
    assert find_faults(problem, priced) == []
    assert not greedy.beats(priced)
    assert priced.cost == pytest.approx(sum_costs(problem, priced.routes))
    best = solved(problem)
    if len(best.unrouted) == len(priced.unrouted):
        assert priced.bound is not None
        assert priced.bound <= best.cost + 1e-6


@given(waves())
@ROWS
def test_by_prices_the_same_wave_has_the_same_plan(problem):
    first, second = (route_together(problem, seconds=LONG, whole_up_to=0) for _ in range(2))
    assert first == second
