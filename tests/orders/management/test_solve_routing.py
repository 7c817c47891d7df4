"""Published problems, read and solved by the solvers that route orders."""

import io

import pytest
from django.core.management import CommandError, call_command

from orders.management.facility_files import NotAProblem, read_problem
from orders.policies.routing.choosing import choose_plan
from orders.policies.routing.together import route_together

CAP = """ 3 2
 10 7.5
 20 5.
 30 100.
 8
 16. 24. 8.
 12
 12. 24. 12.
"""
"""The first warehouse holds 10 of the 20 that are wanted. Both: 12.5 to open; from the first 2 a unit for customer 1, 1
for customer 2; from the second 3 and 2. Best: customer 2 has 10 from the first (10) and 2 from the second (4), customer
1 all 8 from the second (24): 50.5. The second alone costs 5 + 24 + 24 = 53, the third alone 120."""

SINGLE = """3 2
10 20 30
7.5 5 100
8 12
16 24 8
12 24 12
"""
"""The same, each customer whole from one: 1 from the first, 2 from the second: 12.5 + 16 + 24 = 52.5."""


def solve(text, kind=None):
    return choose_plan(read_problem(text, kind), seconds=10, together=route_together).plan


@pytest.mark.parametrize(("text", "cost"), [(CAP, 50.5), (SINGLE, 52.5)])
def test_the_best_answer_is_found_and_proven(text, cost):
    plan = solve(text)
    assert (plan.cost, plan.bound, plan.gap) == (pytest.approx(cost), pytest.approx(cost), pytest.approx(0))
    assert plan.unrouted == ()


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "does not begin with"),
        ("cap71 932615.750\ncap72 977799.400\n", "ends before|no number"),
        ("3 2\n10 7.5\n20 5.\n", "ends before"),
        (CAP + " 9.", "more numbers"),
        ("3 2\n10 7.5\n20 5\n30 many", "'many' is no number"),
        ("2 2\n10 7.5\n20 5\n", "look alike"),
        ("3 0\n10 7.5\n", "no customer"),
        (CAP.replace(" 8\n", " 0\n"), "wants nothing"),
    ],
)
def test_what_is_no_problem_is_named(text, reason):
    with pytest.raises(NotAProblem, match=reason):
        read_problem(text)


def test_the_command_says_cost_bound_gap_and_seconds_of_each_file_of_a_folder(tmp_path):
    (tmp_path / "cap.txt").write_text(CAP)
    (tmp_path / "notes.txt").write_text("Optimal solutions by hand")
    said = io.StringIO()
    call_command("solve_routing", str(tmp_path), stdout=said)
    head, cap, notes = said.getvalue().splitlines()
    assert head.split() == ["problem", "cost", "bound", "gap", "seconds", "solver"]
    assert cap.split()[:4] == ["cap.txt", "50.500", "50.500", "0.00%"]
    assert notes.startswith("notes.txt") and "left out" in notes


@pytest.mark.parametrize(
    ("arguments", "reason"),
    [
        (["nowhere"], "There is no nowhere"),
        (["{here}"], "None of these files"),
        (["{here}", "--seconds=0"], "more than 0"),
    ],
)
def test_what_cannot_be_solved_is_said(tmp_path, arguments, reason):
    (tmp_path / "empty.txt").write_text("")
    with pytest.raises(CommandError, match=reason):
        call_command("solve_routing", *[each.format(here=tmp_path) for each in arguments], stdout=io.StringIO())
