"""All orders of a wave at once."""

from orders.policies.routing.choosing import choose_plan
from orders.policies.routing.greedy import route_greedily
from orders.policies.routing.problem import Site, Wave, find_faults
from orders.policies.routing.together import route_together
from tests.bench.routing import make_wave
from tests.orders.policies.routing.waves import job, sites_of, wave

LONG = 30.0  # seconds: more than any of these small waves takes

NEAR_FIRST = (
    {"LEJ": {"TEE": 1}, "RTM": {"TEE": 9}},
    job("1", {"TEE": 1}, {"LEJ": 5.0, "RTM": 6.0}),
    job("2", {"TEE": 1}, {"LEJ": 5.0, "RTM": 20.0}),
)


def test_the_one_who_needs_the_near_warehouse_more_gets_it():
    greedy, together = route_greedily(wave(*NEAR_FIRST)), route_together(wave(*NEAR_FIRST), seconds=LONG)
    assert (greedy.cost, together.cost, together.gap) == (25.0, 11.0, 0.0)
    assert sites_of(together, ["1", "2"]) == [{"RTM"}, {"LEJ"}]


def test_by_prices_the_same_is_found():
    together = route_together(wave(*NEAR_FIRST), seconds=LONG, whole_up_to=0)
    assert (together.cost, together.gap) == (11.0, 0.0)


def test_nobody_stays_behind_to_save_money():
    stock = {"LEJ": {"TEE": 1}, "SZX": {"TEE": 1}}
    near, far = job("1", {"TEE": 1}, {"LEJ": 5.0, "SZX": 900.0}), job("2", {"TEE": 1}, {"LEJ": 5.0})
    for whole_up_to in (0, 1_000):
        plan = route_together(wave(stock, near, far), seconds=LONG, whole_up_to=whole_up_to)
        assert (plan.unrouted, plan.cost) == ((), 905.0)


def test_where_nobody_wants_what_another_has_no_programme_is_needed():
    stock = {"LEJ": {"TEE": 2}, "RTM": {"TEE": 2}}
    plan = route_together(wave(stock, *[job(key, {"TEE": 1}, {"LEJ": 5.0, "RTM": 6.0}) for key in "12"]), seconds=LONG)
    assert (plan.cost, plan.bound, plan.gap) == (10.0, 10.0, 0.0)


def test_a_warehouse_is_opened_only_where_that_pays():
    jobs = [job(str(number), {"TEE": 1}, {"LEJ": 5.0, "RTM": 4.0}) for number in range(3)]
    stock = {("LEJ", "TEE"): 9.0, ("RTM", "TEE"): 9.0}
    for opening, expected in ((2.0, {"RTM"}), (4.0, {"LEJ"})):
        there = Wave([Site("LEJ"), Site("RTM", opening=opening)], jobs, stock)
        assert sites_of(route_together(there, seconds=LONG), ["0", "1", "2"]) == [expected] * 3


def test_without_a_second_solver_the_greedy_plan_stands_and_claims_nothing():
    choice = choose_plan(wave(*NEAR_FIRST), seconds=LONG, together=None)
    assert (choice.solver, choice.plan.cost, choice.plan.bound, choice.together_seconds) == ("greedy", 25.0, None, 0.0)


def test_the_better_plan_is_carried_out():
    choice = choose_plan(wave(*NEAR_FIRST), seconds=LONG, together=route_together)
    assert (choice.solver, choice.plan.cost, choice.greedy_cost) == ("together", 11.0, 25.0)


def test_where_both_are_as_good_greedy_is_carried_out_and_known_to_be_the_best():
    choice = choose_plan(
        wave({"LEJ": {"TEE": 1}}, job("1", {"TEE": 1}, {"LEJ": 5.0})), seconds=LONG, together=route_together
    )
    assert (choice.solver, choice.plan.bound, choice.plan.gap) == ("greedy", 5.0, 0.0)


def test_without_orders_there_is_nothing_to_route():
    choice = choose_plan(wave({"LEJ": {"TEE": 1}}), seconds=LONG, together=route_together)
    assert (choice.plan.routes, choice.plan.cost) == ({}, 0.0)


def test_a_hundred_orders_are_routed_for_less_than_one_after_the_other():
    hundred = make_wave(1, orders=100)
    greedy, together = route_greedily(hundred), route_together(hundred, seconds=5.0, whole_up_to=0)
    assert together.beats(greedy)
    assert together.gap is not None
    assert together.gap < 0.1
    assert find_faults(hundred, together) == []
