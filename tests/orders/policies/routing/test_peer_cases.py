"""Cases of routing from the tests of other shop systems, for both solvers; docs/peer_cases.md says which and why."""

import pytest

from orders.policies.routing.greedy import route_greedily
from orders.policies.routing.problem import find_faults
from orders.policies.routing.together import route_together
from tests.orders.policies.routing.waves import job, sent, wave


@pytest.fixture(params=["greedy", "together"], name="route")
def each_solver(request):
    def route(stock, *jobs):
        problem = wave(stock, *jobs)
        plan = route_greedily(problem) if request.param == "greedy" else route_together(problem, seconds=30.0)
        assert find_faults(problem, plan) == []
        return plan

    return route


def test_what_the_first_lacks_comes_from_the_second(route):
    """PC02"""
    stock = {"DEFAULT": {"A": 10, "B": 10}, "SECOND": {"A": 20}}
    plan = route(stock, job("1", {"A": 15, "B": 5}, {"DEFAULT": 4.0, "SECOND": 5.0}, duty=0.01))
    assert plan.unrouted == ()
    assert sent(plan, "1")[("DEFAULT", 1)] == 5
    assert sum(units for (_, line), units in sent(plan, "1").items() if line == 0) == 15


def test_no_more_parcels_are_sent_than_need_be(route):
    """PC04"""
    plan = route({code: {"TEE": 3} for code in "ABC"}, job("1", {"TEE": 5}, dict.fromkeys("ABC", 5.0)))
    assert len(sent(plan, "1")) == 2
    assert sum(sent(plan, "1").values()) == 5


@pytest.mark.parametrize(("stock", "wanted"), [((1, 1), 5), ((4, 0), 6)])
def test_what_is_short_takes_nothing_from_anybody(route, stock, wanted):
    """PC06, PC22: of 4 + 3, of which 3 are allocated, 6 cannot be sent."""
    first, second = stock
    shelves = {"A": {"TEE": first}, "B": {"TEE": second}}
    plan = route(shelves, job("1", {"TEE": wanted}, {"A": 1, "B": 1}), job("2", {"TEE": 1}, {"A": 1, "B": 1}))
    assert (plan.unrouted, sent(plan, "2")) == (("1",), {("A", 0): 1})


def test_one_line_goes_from_both_where_neither_has_it_all(route):
    """PC09"""
    plan = route({"NYC": {"TEE": 5}, "LA": {"TEE": 5}}, job("1", {"TEE": 8}, {"NYC": 4.0, "LA": 4.0}))
    assert {site for site, _ in sent(plan, "1")} == {"NYC", "LA"}
    assert sum(sent(plan, "1").values()) == 8


def test_a_line_may_be_split_and_another_stay_whole(route):
    """PC11"""
    stock = {"NYC": {"A": 10, "B": 1}, "LA": {"B": 10}}
    plan = route(stock, job("1", {"A": 2, "B": 4}, {"NYC": 4.0, "LA": 4.0}))
    assert sent(plan, "1")[("NYC", 0)] == 2
    assert sum(units for (_, line), units in sent(plan, "1").items() if line == 1) == 4


def test_one_that_has_everything_comes_before_one_that_has_a_part(route):
    """PC12"""
    stock = {"L1": {"A": 1, "B": 1}, "L2": {"A": 1}}
    plan = route(stock, job("1", {"A": 1, "B": 1}, {"L1": 5.0, "L2": 4.0}))
    assert sent(plan, "1") == {("L1", 0): 1, ("L1", 1): 1}


def test_where_all_is_equal_the_first_by_code_sends_it():
    """PC15, of the greedy solver: there is no default warehouse, so what decides is the code."""
    plan = route_greedily(wave({"B": {"TEE": 1}, "A": {"TEE": 1}}, job("1", {"TEE": 1}, {"B": 5.0, "A": 5.0})))
    assert sent(plan, "1") == {("A", 0): 1}


def test_what_somebody_else_holds_is_not_there(route):
    """PC17: New York has 1, which is allocated, so none is free."""
    plan = route({"NYC": {"TEE": 0}, "LA": {"TEE": 10}}, job("1", {"TEE": 1}, {"NYC": 4.0, "LA": 9.0}))
    assert sent(plan, "1") == {("LA", 0): 1}


@pytest.mark.parametrize(("free", "wanted", "first", "second"), [(3, 5, 3, 2), (2, 3, 2, 1)])
def test_the_preferred_one_gives_what_it_has_and_the_other_the_rest(route, free, wanted, first, second):
    """PC19, PC21: with one of three reserved, two are free."""
    stock = {"STOCK1": {"TEE": min(4, wanted - 1)}, "STOCK2": {"TEE": free}}
    ways = {"STOCK1": 5.0, "STOCK2": 4.0}
    each = job("1", {"TEE": wanted}, ways)
    dearer = {**each.ways, "STOCK1": type(each.ways["STOCK1"])(5.0, (0.1,))}
    plan = route(stock, type(each)("1", each.demands, dearer))
    assert sent(plan, "1") == {("STOCK2", 0): first, ("STOCK1", 0): second}


def test_where_only_one_warehouse_may_send_it_sends_all(route):
    """PC20: a collection point that was chosen is the only way there is."""
    stock = {"POINT": {"TEE": 5}, "OTHER": {"TEE": 9}}
    assert sent(route(stock, job("1", {"TEE": 5}, {"POINT": 7.0})), "1") == {("POINT", 0): 5}


@pytest.mark.parametrize(
    ("stock", "wanted", "ways", "parts"),
    [
        ({"EU1": {"S": 5.5}, "EU2": {"S": 3}}, {"S": 7}, ("EU1", "EU2"), {("EU1", 0): 5.5, ("EU2", 0): 1.5}),
        ({"EU1": {"S": 4.5}, "EU2": {"S": 3}}, {"S": 5}, ("EU2", "EU1"), {("EU2", 0): 3, ("EU1", 0): 2}),
        (
            {"EU1": {"S": 5.5}, "EU2": {"S": 3, "T": 6}},
            {"S": 8, "T": 4},
            ("EU1", "EU2"),
            {("EU1", 0): 5.5, ("EU2", 0): 2.5, ("EU2", 1): 4},
        ),
    ],
)
def test_parts_of_a_unit_are_shared_out_by_preference(route, stock, wanted, ways, parts):
    """PC23, PC26, PC27: what is disabled or out of stock has no way. The preferred sends the unit a cent cheaper."""
    first, second = ways
    each = job("1", wanted, {first: 4.0, second: 4.0})
    ways_ = {code: type(way)(4.0, (0.01 if code == second else 0.0,) * len(wanted)) for code, way in each.ways.items()}
    assert sent(route(stock, type(each)("1", each.demands, ways_)), "1") == parts
