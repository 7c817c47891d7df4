"""`manage.py replay_returns --channel CODE --columns MAP.toml PATH…`: sales of the past, then what came back."""

import json
import time
from argparse import RawDescriptionHelpFormatter
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from oms.models import Channel
from orders.actions.intake.opening import Unreadable
from returns.actions.taking_back import Outcome, PastReturn, PastUnits, split_rounds, take_back
from returns.management.books import Books, NoBooks, read_books
from returns.policies.replaying import Match, match_returns

BY = "system:replay_returns"
AT_ONCE = 500

NOTES = """
The sales are taken as import_orders takes them (--create-skus: with SKUs for what is unknown); what the map's rules
call a cancellation is a credit note, and each of its lines is matched to a sale of the same buyer and SKU, the newest
before it first. The terms of those days decide. Running it again is harmless: what was noted is known.
"""


class Command(BaseCommand):
    help = "Replay the returns of the past from files of transactions, and say what became of each."

    def create_parser(self, prog_name: str, subcommand: str, **kwargs: Any) -> CommandParser:
        return super().create_parser(
            prog_name, subcommand, epilog=NOTES, formatter_class=RawDescriptionHelpFormatter, **kwargs
        )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("paths", nargs="+", metavar="PATH", help="files or folders")
        parser.add_argument("--channel", required=True, metavar="CODE", help="the channel the orders belong to")
        parser.add_argument("--columns", required=True, metavar="MAP.toml", help="which column is what")
        parser.add_argument("--report", metavar="FILE.json", help="write the report there, too")
        parser.add_argument("--create-skus", action="store_true", help="create unknown SKUs, with stock enough")
        parser.add_argument("--returns-only", action="store_true", help="the sales are here already")

    def handle(self, *args: Any, **options: Any) -> None:
        channel = Channel.objects.filter(code=options["channel"]).first()
        if channel is None:
            raise CommandError(f"There is no channel {options['channel']}.")
        try:
            books = read_books(options["paths"], options["columns"])
        except (NoBooks, Unreadable) as error:
            raise CommandError(str(error)) from None
        if not options["returns_only"]:
            self._import(options)

        began = time.perf_counter()
        matches = match_returns(books.sold, books.came_back)
        outcomes = self._take_back(_gather(matches), channel)
        report = describe(books, matches, outcomes, seconds=time.perf_counter() - began)
        self._say(report)
        if options["report"]:
            Path(options["report"]).write_text(json.dumps(report, indent=2), encoding="utf-8")

    def _import(self, options: dict[str, Any]) -> None:
        rest = {name: options[name] for name in ("channel", "columns", "create_skus")}
        call_command("import_orders", *options["paths"], format="csv", stdout=self.stdout, stderr=self.stderr, **rest)

    def _take_back(self, past: Sequence[PastReturn], channel: Channel) -> list[Outcome]:
        outcomes: list[Outcome] = []
        for batch in split_rounds(past, AT_ONCE):
            outcomes += take_back(batch, channel=channel, by=BY, at=timezone.now())
            self.stderr.write(f"{len(outcomes):,} of {len(past):,} returns", style_func=str)
        return outcomes

    def _say(self, report: dict[str, Any]) -> None:
        lines = report["lines"]
        self.stdout.write(f"{report['notes']:,} credit notes of {lines['all']:,} lines")
        for name in ("taken", "taken_in_part", "known"):
            self.stdout.write(f"  {name.replace('_', ' '):<28}{lines[name]:>9,}")
        for reason, count in sorted(lines["refused"].items(), key=lambda each: -each[1]):
            self.stdout.write(f"  refused: {reason:<19}{count:>9,}")
        self.stdout.write(
            f"{report['returns']:,} returns noted in {report['seconds']:.1f} s, {report['per_second']:,.0f} a second;"
            f" {report['given']} given back for them."
        )


def _gather(matches: Iterable[Match]) -> list[PastReturn]:
    """A return for each order that units of a note were of."""
    units: dict[tuple[str, str], list[PastUnits]] = defaultdict(list)
    moments = {}
    for match in matches:
        for order, quantity in match.parts:
            key = (match.line.note, order)
            units[key].append(PastUnits(match.line.place, match.line.sku, quantity))
            moments[key] = match.line.at
    return [PastReturn(note, order, moments[note, order], tuple(each)) for (note, order), each in units.items()]


def describe(books: Books, matches: Sequence[Match], outcomes: Sequence[Outcome], *, seconds: float) -> dict[str, Any]:
    """Every line of every credit note under exactly one of: taken, taken in part, known, refused by a reason.

    Raises:
        AssertionError: it does not add up, which is a bug of ours.
    """
    ends: dict[tuple[str, int], list[str]] = defaultdict(list)
    for outcome in outcomes:
        for unit in outcome.past.units:
            end = outcome.refused.get(unit.place) or ("known" if outcome.known else "taken")
            ends[outcome.past.note, unit.place].append(end)
    lines: Counter[str] = Counter()
    refused = Counter(books.unreadable)
    for match in matches:
        said = ends.get((match.line.note, match.line.place), [])
        if not said:
            refused[match.reason] += 1
        elif set(said) <= {"taken", "known"}:
            lines["taken" if "taken" in said else "known"] += 1
        elif "taken" in said or "known" in said:
            lines["taken_in_part"] += 1
        else:
            refused[said[0]] += 1
    assert sum(lines.values()) + sum(refused.values()) == books.lines, "The report does not add up to the input."
    noted = [each for each in outcomes if each.number and not each.known]
    return {
        "notes": books.notes,
        "lines": {
            "all": books.lines,
            **{name: lines[name] for name in ("taken", "taken_in_part", "known")},
            "refused": dict(refused),
        },
        "returns": len(noted),
        "given": str(sum(each.value for each in noted)),
        "seconds": round(seconds, 3),
        "per_second": round(len(outcomes) / seconds, 1) if seconds else 0,
    }
