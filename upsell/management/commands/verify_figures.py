"""`manage.py verify_figures [--repair]`: prove that what offers brought is what their orders say."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from upsell.actions.counting import AT_ONCE, count_given, count_net, list_accounts
from upsell.models import Exposure, Offer
from upsell.queries.figure_drift import FigureDrift, find_figure_drift

MOST_SHOWN = 50


class Command(BaseCommand):
    help = "Shows where the figures of offers differ from the orders they were counted from."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--repair", action="store_true", help="count anew what differs, and all bonus ever given")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["repair"]:
            count_given(list_accounts(), at=timezone.now())
        drifts = list(find_figure_drift())
        for drift in drifts[:MOST_SHOWN]:
            self.stdout.write(self._line(drift))
        if len(drifts) > MOST_SHOWN:
            self.stdout.write(f"… and {len(drifts) - MOST_SHOWN} more")
        if drifts and options["repair"]:
            self._repair(drifts)
        elif drifts:
            raise CommandError(f"{len(drifts)} differ. The nightly sweep counts them anew, or --repair does now.")
        else:
            self._praise()

    def _repair(self, drifts: list[FigureDrift]) -> None:
        orders = sorted({drift.order for drift in drifts})
        for start in range(0, len(orders), AT_ONCE):
            count_net(orders[start : start + AT_ONCE], at=timezone.now())
        self.stdout.write(f"{len(drifts)} were counted anew.")

    def _praise(self) -> None:
        taken, exposed = Offer.objects.filter(state=Offer.State.ACCEPTED).count(), Exposure.objects.count()
        self.stdout.write(f"The figures of {taken} accepted offers and {exposed} exposures are what their orders say.")

    def _line(self, drift: FigureDrift) -> str:
        about = f"{drift.what} {drift.id} of order {drift.order}"
        return f"{about}: noted {_say(drift.noted)}; by its order {_say(drift.true)}"


def _say(figures: Sequence[Decimal | None]) -> str:
    return ", ".join("–" if each is None else f"{each:f}" for each in figures)
