"""`manage.py train_recommender`: learn what is bought with what, and use it."""

import sys
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from oms.errors import Refused
from upsell.actions.training import train_recommender
from upsell.models import Recommender

WIDTH = 30


class Command(BaseCommand):
    help = "Learn what is bought with what from the orders until now, try it out, and use it if it is no worse."

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            trained = train_recommender(by="system:command", at=timezone.now(), tell=self._show)
        except Refused as refusal:
            raise CommandError(refusal.message) from None
        self.stdout.write(
            f"{trained.baskets:,} orders of {trained.items:,} items taught {trained.pairs:,} pairs in "
            f"{trained.seconds:.1f} s; the process had {trained.memory:.0f} MiB at most."
        )
        for name, figures in trained.figures.items():
            self.stdout.write(
                f"{name:<14} HR@10 {figures['hit_rate']:.3f}  MRR {figures['reciprocal_rank']:.3f}"
                f"  coverage {figures['coverage']:.1%}"
            )
        if trained.state != Recommender.State.ACTIVE:
            self.stdout.write("It is clearly worse than what is in use, and waits for somebody to decide.")

    def _show(self, step: str, percent: int) -> None:
        """A bar for people; lines where nobody watches."""
        if self.stderr.isatty():
            bar = "█" * (WIDTH * percent // 100)
            self.stderr.write(f"\r{bar:<{WIDTH}} {percent:3} % {step:<10}", ending="" if percent < 100 else "\n")
            sys.stderr.flush()
        else:
            self.stderr.write(f"{percent:3} % {step}")
