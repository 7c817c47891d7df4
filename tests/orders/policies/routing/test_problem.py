"""Nothing is booked that would not add up."""

import pytest

from orders.policies.routing.problem import Part, Plan, find_faults
from tests.orders.policies.routing.waves import job, wave

ORDER = job("1", {"TEE": 2, "CAP": 1}, {"LEJ": 5.0, "RTM": 6.0}, most=1)
SMALL = wave({"LEJ": {"TEE": 2, "CAP": 1}, "RTM": {"TEE": 9}}, ORDER, capacity={"LEJ": 1})
TEES, CAP = Part("LEJ", 0, 2), Part("LEJ", 1, 1)


def faults(*parts, unrouted=(), routes=None):
    return find_faults(SMALL, Plan({"1": list(parts)} if routes is None else routes, unrouted, 0.0))


def test_a_plan_that_adds_up_has_no_fault():
    assert faults(TEES, CAP) == []


@pytest.mark.parametrize(
    ("parts", "fault"),
    [
        ([TEES], "The parts of 1 do not add up to it."),
        ([TEES, CAP, CAP], "The parts of 1 do not add up to it."),
        ([TEES, CAP, Part("LEJ", 2, 1)], "The parts of 1 do not add up to it."),
        ([TEES, CAP, Part("LEJ", 1, 0)], "1 has a part of nothing."),
        ([TEES, Part("SZX", 1, 1)], "1 goes from SZX, which is no way of its own."),
        ([Part("RTM", 0, 2), CAP], "1 goes in 2 parcels, at most 1 may be."),
        ([Part("RTM", 0, 2), Part("RTM", 1, 1)], "RTM sends more CAP than it has."),
    ],
)
def test_each_fault_is_named(parts, fault):
    assert fault in faults(*parts)


def test_nobody_is_forgotten_or_counted_twice():
    assert faults(routes={}) == ["Not every order is either routed or unrouted."]
    assert faults(TEES, CAP, unrouted=("1",)) == ["Not every order is either routed or unrouted."]


def test_a_warehouse_beyond_its_capacity_is_named():
    two = wave({"LEJ": {"TEE": 9}}, *[job(key, {"TEE": 1}, {"LEJ": 5}) for key in "12"], capacity={"LEJ": 1})
    plan = Plan({key: [Part("LEJ", 0, 1)] for key in "12"}, (), 10.0)
    assert find_faults(two, plan) == ["LEJ is beyond its capacity."]
