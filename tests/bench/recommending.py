"""What is offered with an order, in process; what learning it from 320,000 lines takes; and what an order adds."""

import json
from collections.abc import Sequence

from tests.bench.baskets import fill_baskets
from tests.bench.databases import run_program
from tests.bench.figures import Figure, Findings, Target
from tests.bench.ground import Ground

QUICK = Target(10, 5, "lower")


def measure(ground: Ground) -> Findings:
    url = ground.database("recommending")
    lines = fill_baskets(url)
    run_program(["manage.py", "train_recommender"], url)
    asked = json.dumps({"rounds": ground.budget.rounds, "times": 100})
    found = json.loads(run_program(["-m", "tests.bench.ranking"], url, told=asked).splitlines()[-1])
    pairs = f"{found['pairs']:,} pairs"
    ours, cosine = found["figures"]["ours"], found["figures"]["item cosine"]
    return [
        _time("offers ranked for an order of 3 items, p95", found["small"], Target(10, 5, "lower"), f"of {pairs}"),
        _time(
            "offers ranked for an order of 20 to 30 items, p95", found["large"], Target(10, 5, "lower"), f"of {pairs}"
        ),
        _time("offers made and shown for an order, p95", found["offered"], Target(10, 5, "lower"), "in process"),
        _time("an order of 20 to 30 items noted for the next ranking, p95", found["noted"], Target(50, 10, "lower")),
        Figure(
            name=f"learning what goes with what from {lines:,} lines",
            unit="s",
            rounds=[found["seconds"]],
            target=Target(20, 10, "lower"),
            note=f"{pairs}; HR@10 {ours['hit_rate']:.3f}, item cosine {cosine['hit_rate']:.3f}; its own trial included",
        ),
        Figure(
            name="memory of the process that learns",
            unit="MiB",
            rounds=[found["memory"]],
            target=Target(600, 400, "lower"),
            note="the most it ever had, interpreter included",
        ),
    ]


def _time(name: str, rounds: Sequence[dict[str, float]], target: Target, note: str = "") -> Figure:
    told = [f"p50 {rounds[-1]['p50']:.1f} ms", *([note] if note else [])]
    return Figure(name=name, unit="ms", rounds=[each["p95"] for each in rounds], target=target, note="; ".join(told))
