"""A short run of `make chaos`: each part is killed once while buyers buy and a warehouse ships."""

import subprocess
import sys
from pathlib import Path

CHECKOUT = Path(__file__).resolve().parents[2]


def test_a_shop_whose_parts_are_killed_in_turn_loses_nothing_and_does_nothing_twice():
    command = [sys.executable, "-m", "tests.chaos", "--kills", "5", "--seconds", "30", "--buyers", "2"]
    ended = subprocess.run(command, cwd=CHECKOUT, capture_output=True, text=True, check=False, timeout=500)

    assert ended.returncode == 0, f"{ended.stdout[-3000:]}\n{ended.stderr[-2000:]}"
    assert "Nothing was lost, nothing was done twice." in ended.stdout
