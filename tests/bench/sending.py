"""End to end: released, routed, labelled, sent, mailed, and the channel told, by the workers as they run every day."""

import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from tests.bench.databases import CHECKOUT, run_program
from tests.bench.figures import Figure, Findings, Table, Target
from tests.bench.ground import Ground
from tests.bench.waving import prepare_terrain
from tests.bench.workers import run_workers

BOX = "1"  # seconds for the exact solver; with ten, the solver would be what is measured


def measure(ground: Ground) -> Findings:
    filled = ground.database("sending")
    prepare_terrain(filled, orders=ground.budget.sent, homes=18, window=30)
    runs = [_send_all(ground, filled, place) for place in range(ground.budget.rounds)]
    return [
        Figure(
            name="from the end of the edit window to the parcel sent, the customer mailed and the channel told",
            unit="orders/s",
            rounds=[run["orders"] / run["seconds"] for run in runs],
            target=Target(50, 100),
            note=f"{runs[-1]['orders']:,} orders at once in {runs[-1]['parcels']:,} parcels, a worker a core, "
            f"box of the exact solver {BOX} s",
        ),
        Table(
            "When each step was done for all orders",
            ["step", "seconds"],
            [[step, f"{seconds:.1f}"] for step, seconds in runs[-1]["steps"].items()],
        ),
    ]


def _send_all(ground: Ground, filled: str, place: int) -> dict[str, Any]:
    url = ground.databases.create(f"sending_{place}", like=filled)
    folder = ground.folder / f"sending_{place}"
    folder.mkdir()
    with _listeners() as ports:
        surroundings = {
            "EMAIL_URL": f"smtp://127.0.0.1:{ports['mails']}",
            "CALL_PRIVATE_ADDRESSES": "1",
            "ROUTING_SOLVER_SECONDS": BOX,
        }
        with run_workers(url, folder, **surroundings) as broker:
            asked = json.dumps({"partner": f"http://127.0.0.1:{ports['partner']}/"})
            said = run_program(["-m", "tests.bench.shipping"], url, told=asked, CELERY_BROKER_URL=broker)
    found: dict[str, Any] = json.loads(said.splitlines()[-1])
    return found


@contextmanager
def _listeners() -> Iterator[dict[str, int]]:
    """The ports of a mail server and of a partner that hear all that is said."""
    command = [sys.executable, "-m", "tests.bench.listeners"]
    with subprocess.Popen(command, cwd=CHECKOUT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as running:
        assert running.stdin is not None and running.stdout is not None
        try:
            yield json.loads(running.stdout.readline())
        finally:
            running.stdin.close()
