"""`manage.py solve_routing PATH…`: the solvers that route orders, on problems whose best answers are published."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from orders.management.facility_files import KINDS, NotAProblem, read_problem
from orders.policies.routing.choosing import Choice, choose_plan
from orders.policies.routing.together import route_together


class Command(BaseCommand):
    help = "Solve facility location problems (OR-Library CAP, SSCFLP) with the solvers that route orders."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("paths", nargs="+", type=Path, metavar="PATH", help="files, or folders of them")
        parser.add_argument(
            "--kind", choices=KINDS, help="how the files are laid out; without it, by their second line"
        )
        parser.add_argument("--seconds", type=float, default=10.0, help="time box of one problem (10)")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["seconds"] <= 0:
            raise CommandError("--seconds must be more than 0.")
        files = [file for path in options["paths"] for file in _files_of(path)]
        self.stdout.write(f"{'problem':<24}{'cost':>14}{'bound':>14}{'gap':>9}{'seconds':>9}  solver")
        solved = sum(self._solve(file, kind=options["kind"], seconds=options["seconds"]) for file in files)
        if not solved:
            raise CommandError("None of these files holds a problem.")

    def _solve(self, file: Path, *, kind: Any, seconds: float) -> bool:
        try:
            wave = read_problem(file.read_text(encoding="utf-8", errors="replace"), kind)
        except NotAProblem as problem:
            self.stdout.write(f"{file.name:<24}left out: {problem}")
            return False
        choice = choose_plan(wave, seconds=seconds, together=route_together)
        self.stdout.write(_describe(file.name, choice))
        return True


def _files_of(path: Path) -> Iterator[Path]:
    if not path.exists():
        raise CommandError(f"There is no {path}.")
    yield from sorted(each for each in path.rglob("*") if each.is_file()) if path.is_dir() else [path]


def _describe(name: str, choice: Choice) -> str:
    plan, seconds = choice.plan, choice.greedy_seconds + choice.together_seconds
    bound = "" if plan.bound is None else f"{plan.bound:,.3f}"
    gap = "" if plan.gap is None else f"{plan.gap:.2%}"
    left = f", {len(plan.unrouted)} not served" if plan.unrouted else ""
    return f"{name:<24}{plan.cost:>14,.3f}{bound:>14}{gap:>9}{seconds:>9.2f}  {choice.solver}{left}"
