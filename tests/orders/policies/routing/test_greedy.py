"""One order after the other, each by its cheapest way."""

import pytest

from orders.policies.routing.greedy import route_greedily
from orders.policies.routing.problem import Demand, Job, Way, find_faults
from tests.orders.policies.routing.waves import job, sent, sites_of, wave


def test_the_cheaper_of_two_warehouses_that_have_it_sends_it():
    plan = route_greedily(wave({"LEJ": {"TEE": 5}, "RTM": {"TEE": 5}}, job("1", {"TEE": 2}, {"LEJ": 6.1, "RTM": 7.3})))
    assert (sent(plan, "1"), plan.cost) == ({("LEJ", 0): 2}, 6.1)


def test_duty_of_the_goods_counts_beside_the_parcel():
    ways = {"SZX": Way(2.0, (1.1,)), "LEJ": Way(6.0, (0.0,))}
    dutiable = Job("1", (Demand("TEE", 4),), ways)
    plan = route_greedily(wave({"SZX": {"TEE": 9}, "LEJ": {"TEE": 9}}, dutiable))
    assert (sites_of(plan, ["1"]), plan.cost) == ([{"LEJ"}], 6.0)


def test_of_equal_ways_the_first_by_code_is_taken():
    plan = route_greedily(wave({"RTM": {"TEE": 1}, "LEJ": {"TEE": 1}}, job("1", {"TEE": 1}, {"RTM": 5, "LEJ": 5})))
    assert sites_of(plan, ["1"]) == [{"LEJ"}]


def test_what_no_warehouse_has_alone_goes_in_as_few_parcels_as_will_do():
    """PC04: three warehouses hold 3, 3 and 3 of it, 5 are ordered: exactly two parcels."""
    plan = route_greedily(
        wave({code: {"TEE": 3} for code in "ABC"}, job("1", {"TEE": 5}, {"A": 5.0, "B": 5.0, "C": 5.0}))
    )
    assert sent(plan, "1") == {("A", 0): 3, ("B", 0): 2}


def test_a_line_may_be_split_and_another_one_stay_whole():
    """PC11: A×2 and B×4, of which New York has all of A and one B."""
    stock = {"NYC": {"A": 10, "B": 1}, "LAX": {"B": 10}}
    plan = route_greedily(wave(stock, job("1", {"A": 2, "B": 4}, {"NYC": 5.0, "LAX": 6.0})))
    assert sum(units for (_, place), units in sent(plan, "1").items() if place == 1) == 4
    assert sent(plan, "1")[("NYC", 0)] == 2
    assert find_faults(wave(stock, job("1", {"A": 2, "B": 4}, {"NYC": 5.0, "LAX": 6.0})), plan) == []


def test_a_split_that_is_cheaper_than_one_parcel_is_made():
    stock = {"LEJ": {"A": 1, "B": 1}, "SZX": {"A": 1}, "RTM": {"B": 1}}
    plan = route_greedily(wave(stock, job("1", {"A": 1, "B": 1}, {"LEJ": 30.0, "SZX": 6.0, "RTM": 7.0})))
    assert (sites_of(plan, ["1"]), plan.cost) == ([{"SZX", "RTM"}], 13.0)


def test_an_order_that_may_not_be_split_stays_whole_or_stays_behind():
    stock = {"LEJ": {"A": 1}, "RTM": {"B": 1}}
    plan = route_greedily(wave(stock, job("1", {"A": 1, "B": 1}, {"LEJ": 5, "RTM": 5}, most=1)))
    assert (plan.routes, plan.unrouted, plan.cost) == ({}, ("1",), 0.0)


def test_what_stays_behind_takes_nothing_from_the_next():
    """PC06: of what is short nothing is written."""
    stock = {"A": {"TEE": 1}, "B": {"TEE": 1}}
    large, small = job("1", {"TEE": 5}, {"A": 1, "B": 1}), job("2", {"TEE": 2}, {"A": 1, "B": 1})
    plan = route_greedily(wave(stock, large, small))
    assert (plan.unrouted, sent(plan, "2")) == (("1",), {("A", 0): 1, ("B", 0): 1})


def test_who_comes_first_is_served_first():
    first, second = (job(key, {"TEE": 1}, {"LEJ": 5.0, "RTM": 9.0}) for key in "12")
    plan = route_greedily(wave({"LEJ": {"TEE": 1}, "RTM": {"TEE": 1}}, first, second))
    assert sites_of(plan, ["1", "2"]) == [{"LEJ"}, {"RTM"}]


def test_a_warehouse_that_is_full_sends_no_more_today():
    jobs = [job(str(number), {"TEE": 1}, {"LEJ": 5.0, "RTM": 9.0}) for number in range(3)]
    plan = route_greedily(wave({"LEJ": {"TEE": 9}, "RTM": {"TEE": 9}}, *jobs, capacity={"LEJ": 2}))
    assert sites_of(plan, ["0", "1", "2"]) == [{"LEJ"}, {"LEJ"}, {"RTM"}]


def test_a_warehouse_without_a_way_is_out_of_the_question():
    plan = route_greedily(wave({"LEJ": {"TEE": 9}, "RTM": {"TEE": 9}}, job("1", {"TEE": 1}, {"RTM": 50.0})))
    assert sites_of(plan, ["1"]) == [{"RTM"}]


def test_parts_of_a_unit_are_routed_like_whole_ones():
    """PC23 and PC27: 5.5 of the first, the rest of the second."""
    plan = route_greedily(wave({"EU1": {"M": 5.5}, "EU2": {"M": 3}}, job("1", {"M": 7}, {"EU1": 1.0, "EU2": 2.0})))
    assert sent(plan, "1") == {("EU1", 0): 5.5, ("EU2", 0): 1.5}


@pytest.mark.parametrize("sites", [30, 60])
def test_where_there_are_too_many_ways_to_try_one_is_still_found(sites):
    codes = [f"S{number:02}" for number in range(sites)]
    small = wave({code: {"TEE": 1} for code in codes}, job("1", {"TEE": 6}, dict.fromkeys(codes, 5.0), most=8))
    plan = route_greedily(small)
    assert (plan.unrouted, plan.cost) == ((), 30.0)
    assert find_faults(small, plan) == []
