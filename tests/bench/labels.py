"""A thousand labels for as many addresses in one file, in a process of its own: how fast, and how much memory."""

import json
import subprocess
import sys

from tests.bench.databases import CHECKOUT
from tests.bench.figures import Figure, Findings, Target
from tests.bench.ground import Ground

LABELS = 1_000


def measure(ground: Ground) -> Findings:
    runs = [_print_apart() for _ in range(ground.budget.rounds)]
    return [
        Figure(
            name=f"{LABELS:,} labels of 4 × 6 inches in one PDF",
            unit="labels/s",
            rounds=[run["rate"] for run in runs],
            target=Target(50, 300),
            note=f"{runs[-1]['kilobytes']:,.0f} kB; a third each in Latin, Chinese and Arabic, half with a CN 22",
        ),
        Figure(
            name=f"memory of the process that prints {LABELS:,} labels",
            unit="MiB",
            rounds=[run["memory"] for run in runs],
            target=Target(300, 100, "lower"),
            note="the most it ever had, interpreter and fonts included",
        ),
    ]


def _print_apart() -> dict[str, float]:
    program = [sys.executable, "-m", "tests.bench.printing", str(LABELS)]
    said = subprocess.run(program, cwd=CHECKOUT, capture_output=True, text=True, check=True).stdout
    found: dict[str, float] = json.loads(said)
    return found
