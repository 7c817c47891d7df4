"""`python -m tests.bench`: measure the product against the floor of its own PostgreSQL (DATABASE_URL).

A whole run takes about twelve minutes and writes docs/benchmarks.md; with --quick or --only it just says what it found.
"""

import argparse
import os
import sys
import time
from dataclasses import replace
from pathlib import Path

from tests.bench.benches import BENCHES
from tests.bench.databases import CHECKOUT
from tests.bench.figures import Figure, Findings, Table
from tests.bench.ground import FULL, QUICK, prepare_ground
from tests.bench.machine import describe_machine, describe_quiet
from tests.bench.report import show_report, write_report


def main() -> int:
    choice = _read_command_line()
    server = os.environ.get("DATABASE_URL", "")
    if not server:
        print("DATABASE_URL is not set. `make bench` starts a database and sets it.", file=sys.stderr)
        return 1

    started = time.monotonic()
    findings: list[Figure | Table] = []
    _say("Building a catalogue …")
    budget = QUICK if choice.quick else FULL
    budget = replace(budget, rounds=choice.rounds or budget.rounds)
    with prepare_ground(server, budget, choice.uci) as ground:
        for name in choice.only or BENCHES:
            _say(f"{name} … ({time.monotonic() - started:.0f} s)")
            found = BENCHES[name](ground)
            _tell(found)
            findings += found
    machine = describe_machine(server) | describe_quiet(ground.disturbances) | {"rounds": str(budget.rounds)}
    _finish(choice, machine, findings, minutes=(time.monotonic() - started) / 60)
    return 0


def _read_command_line() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="two minutes, small sizes, few rounds")
    parser.add_argument("--rounds", type=int, help=f"how often each work is measured ({FULL.rounds})")
    parser.add_argument("--only", action="append", choices=BENCHES, metavar="NAME", help=f"of {', '.join(BENCHES)}")
    parser.add_argument("--profile", dest="only", action="append_const", const="profile", help="only where time goes")
    parser.add_argument("--uci", type=Path, help="a UCI Online Retail file (CSV, or .gz of it) to import")
    parser.add_argument("--to", type=Path, help="write the report into this folder, whatever was measured")
    return parser.parse_args()


def _finish(choice: argparse.Namespace, machine: dict[str, str], findings: Findings, *, minutes: float) -> None:
    whole = not (choice.quick or choice.only)
    if folder := choice.to or (CHECKOUT / "docs" if whole else None):
        write_report(folder, machine, findings, minutes=minutes)
        _say("The report is written.")
    else:
        print(show_report(machine, findings, minutes=minutes))


def _tell(findings: Findings) -> None:
    for finding in findings:
        if isinstance(finding, Figure):
            low, high = finding.spread
            floor = f", floor {finding.floor_measured:.0f} → {finding.value:.3f}" if finding.floor_measured else ""
            spread = f"({low:.3f} – {high:.3f})" if len(finding.rounds) > 1 else ""
            _say(f"  {finding.name}: {finding.measured:.2f} {finding.unit}{floor} {spread} {finding.verdict}")


def _say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main())
