"""The published problems, where somebody has them: ROUTING_PROBLEMS names the folder of OR-Library's files.

Left out without it: the files are not ours to give away.
"""

import os
import re
from pathlib import Path

import pytest

from orders.management.facility_files import read_problem
from orders.policies.routing.choosing import choose_plan
from orders.policies.routing.together import route_together

FOLDER = Path(os.environ.get("ROUTING_PROBLEMS", ""))

CAP = {
    "cap71": 932_615.750,
    "cap72": 977_799.400,
    "cap73": 1_010_641.450,
    "cap74": 1_034_976.975,
    "cap101": 796_648.437,
    "cap102": 854_704.200,
    "cap103": 893_782.112,
    "cap104": 928_941.750,
}

SINGLE_SOURCE = [2014, 4251, 6051, 7168, 4551, 2269, 4366, 7926, 2480, 23112]
SINGLE_SOURCE += [3447, 3711, 3760, 5965, 7816, 11543, 9884, 15607, 18683, 26561]

pytestmark = pytest.mark.skipif(str(FOLDER) == ".", reason="ROUTING_PROBLEMS is not set")


def solve(name, kind, *, seconds):
    [file] = [each for each in FOLDER.rglob(f"{name}*") if re.fullmatch(rf"{name}(\.txt)?", each.name)]
    return choose_plan(read_problem(file.read_text(), kind), seconds=seconds, together=route_together).plan


@pytest.mark.parametrize(("name", "best"), list(CAP.items()))
def test_the_best_answer_to_cap_is_found_and_proven_in_five_seconds(name, best):
    plan = solve(name, "cap", seconds=5.0)
    assert plan.cost == pytest.approx(best, abs=0.01)
    assert plan.gap == pytest.approx(0, abs=1e-6)


@pytest.mark.parametrize(("number", "best"), list(enumerate(SINGLE_SOURCE, start=1)))
def test_single_source_problems_are_solved_to_one_per_cent_in_ten_seconds(number, best):
    plan = solve(f"p{number}", "sscflp", seconds=10.0)
    assert plan.cost <= best * 1.01
    assert plan.bound <= best + 1e-6
