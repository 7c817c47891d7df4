"""`manage.py evaluate_recommender --columns MAP.toml --train-until DATE PATH`: how good are the offers, on any past?"""

import json
import resource
import sys
import time
from argparse import RawDescriptionHelpFormatter
from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict
from datetime import UTC, date, datetime
from datetime import time as clock
from pathlib import Path
from typing import Any

import numpy as np
from django.core.management.base import BaseCommand, CommandError, CommandParser

from orders.actions.intake.opening import Unreadable
from upsell.management.transactions import NoBaskets, read_bare_baskets, read_columns, read_orders
from upsell.policies.affinities import learn_affinities
from upsell.policies.baselines import cosine_of_items, count_together
from upsell.policies.baskets import Basket, BasketTable, count_purchases, tabulate
from upsell.policies.evaluating import OFFERED, Case, Rank, Score, compare_rankings, hide_items
from upsell.policies.ranking import rank_items
from upsell.policies.trials import rank_all_alike, rank_as_product, rank_by

MIB = 2**20 if sys.platform == "darwin" else 2**10

NOTES = """
The file's earlier baskets teach, of each later one a single item is hidden and the rest must find it. Files may be
packed with gzip. A column map is the one that import_orders takes; --baskets reads a basket a line, items between
commas, with no dates: then --train-share says how much of the file teaches.
"""


class Command(BaseCommand):
    help = "Measure the recommender on transactions of the past, beside popularity, co-purchase count and item cosine."

    def create_parser(self, prog_name: str, subcommand: str, **kwargs: Any) -> CommandParser:
        return super().create_parser(
            prog_name, subcommand, epilog=NOTES, formatter_class=RawDescriptionHelpFormatter, **kwargs
        )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("path", metavar="PATH", help="a file of transactions, or a folder of them")
        layout = parser.add_mutually_exclusive_group(required=True)
        layout.add_argument("--columns", metavar="MAP.toml", help="which column is what")
        layout.add_argument("--baskets", action="store_true", help="a basket a line")
        parser.add_argument("--train-until", type=date.fromisoformat, metavar="DATE", help="baskets before it teach")
        parser.add_argument("--train-share", type=float, default=0.8, help="without dates: this share teaches (0.8)")
        parser.add_argument("--seed", type=int, default=1, help="which items are hidden (1)")
        parser.add_argument("--report", metavar="FILE.json", help="write the figures there, too")

    def handle(self, *args: Any, **options: Any) -> None:
        taught, later = _split(options)
        if not taught or not later:
            raise CommandError("There must be baskets before and after the split; these files have none on one side.")
        table = tabulate(taught)
        cases = hide_items(later, seed=options["seed"])
        before = _memory()
        began = time.perf_counter()
        ours = _our_rankings(table, taught)
        seconds, memory = time.perf_counter() - began, _memory()
        ranks: dict[str, Rank] = {
            "popularity": rank_all_alike(table),
            "co-purchase count": rank_by(table, count_together(table)),
            "item cosine": rank_by(table, cosine_of_items(table)),
            **ours,
        }
        scores = compare_rankings(ranks, cases, catalogue=len(table.items))
        self._say(table, cases, scores)
        self.stdout.write(
            f"Training took {seconds:.1f} s; the process had {memory:.0f} MiB at most ({before:.0f} before)."
        )
        if options["report"]:
            figures = {name: asdict(score) for name, score in scores.items()}
            report = {"baskets": len(taught), "items": len(table.items), "seconds": seconds, "mebibytes": memory}
            Path(options["report"]).write_text(json.dumps(report | {"rankings": figures}, indent=2), encoding="utf-8")

    def _say(self, table: BasketTable, cases: Sequence[Case], scores: dict[str, Score]) -> None:
        self.stdout.write(f"{table.matrix.shape[0]:,} baskets of {len(table.items):,} items teach, {len(cases):,} ask.")
        self.stdout.write(f"{'':<22}{'HR@10':>9}{'MRR':>9}{'coverage':>10}{'p95 ms':>9}")
        for name, score in scores.items():
            self.stdout.write(
                f"{name:<22}{score.hit_rate:>9.4f}{score.reciprocal_rank:>9.4f}{score.coverage:>10.1%}"
                f"{score.milliseconds_p95:>9.2f}"
            )


def _split(options: dict[str, Any]) -> tuple[list[Basket], list[Basket]]:
    try:
        if options["baskets"]:
            baskets = read_bare_baskets(options["path"])
            border = int(len(baskets) * options["train_share"])
            return baskets[:border], baskets[border:]
        baskets = read_orders(options["path"], read_columns(options["columns"]))
    except (NoBaskets, Unreadable) as error:
        raise CommandError(str(error)) from None
    if options["train_until"] is None:
        raise CommandError("Say with --train-until which baskets teach.")
    until = datetime.combine(options["train_until"], clock.min, tzinfo=UTC)
    return [each for each in baskets if each.at < until], [each for each in baskets if each.at >= until]


def _our_rankings(table: BasketTable, taught: Sequence[Basket]) -> dict[str, Rank]:
    """What was learned, and the same as offers are ranked: by rows of the database, a few candidates each."""
    newest = max(basket.at for basket in taught)
    ages = np.array([(newest - basket.at).total_seconds() / 86_400 for basket in taught], dtype=np.float32)
    affinities, bought = learn_affinities(table, ages=ages), count_purchases(taught)

    def rank(case: Case) -> list[str]:
        habits = bought.get(case.customer, Counter[str]())
        return [each.item for each in rank_items(affinities, case.basket, bought=habits, limit=OFFERED)]

    return {"ours": rank, "as offers are ranked": rank_as_product(affinities, bought)}


def _memory() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / MIB
