"""What of an order of fifty lines may come back, under five hundred rows of terms: asked in process."""

import json

from tests.bench.databases import run_program
from tests.bench.figures import Figure, Findings, Target
from tests.bench.ground import Ground


def measure(ground: Ground) -> Findings:
    url = ground.database("eligibility")
    asked = json.dumps({"rounds": ground.budget.rounds, "times": 100})
    found = json.loads(run_program(["-m", "tests.bench.judging"], url, told=asked).splitlines()[-1])
    return [
        Figure(
            name="eligibility of an order of 50 lines under 500 rows of terms, p95",
            unit="ms",
            rounds=found["p95"],
            target=Target(15, 10, "lower"),
            note=f"p50 {found['p50']:.1f} ms; {found['statements']} statements",
        ),
        Figure(
            name="keeping one of 500 rows of terms, proven against every law",
            unit="ms",
            rounds=found["saved"],
        ),
    ]
