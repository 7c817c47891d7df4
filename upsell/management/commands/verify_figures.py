"""`manage.py verify_figures [--repair]`: prove that what offers brought is what their orders say, and its sums."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from upsell.actions.counting import AT_ONCE, count_given, count_net, list_accounts
from upsell.actions.rolling_up import mark_days, roll_up_figures
from upsell.models import Exposure, Offer
from upsell.queries.day_drift import DayDrift, find_day_drift
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
        if options["repair"]:
            self._repair(drifts)
        days = self._verify_days(repair=options["repair"])
        if not drifts and not days:
            self._praise()
        elif not options["repair"]:
            raise CommandError(f"{len(drifts) + len(days)} differ. --repair counts them anew.")

    def _verify_days(self, *, repair: bool) -> list[DayDrift]:
        """Of what is kept of days, once the offers are right."""
        days = list(find_day_drift(zone=settings.TIME_ZONE))
        for day in days[:MOST_SHOWN]:
            self.stdout.write(f"{day.what} of campaign {day.campaign} on {day.day}: not what was kept")
        if repair:
            mark_days({(each.campaign, each.day) for each in days}, zone=settings.TIME_ZONE)
            roll_up_figures(zone=settings.TIME_ZONE)
        return days

    def _repair(self, drifts: list[FigureDrift]) -> None:
        orders = sorted({drift.order for drift in drifts})
        for start in range(0, len(orders), AT_ONCE):
            count_net(orders[start : start + AT_ONCE], at=timezone.now())
        if drifts:
            self.stdout.write(f"{len(drifts)} were counted anew.")

    def _praise(self) -> None:
        taken, exposed = Offer.objects.filter(state=Offer.State.ACCEPTED).count(), Exposure.objects.count()
        self.stdout.write(f"The figures of {taken} accepted offers and {exposed} exposures are what their orders say.")

    def _line(self, drift: FigureDrift) -> str:
        about = f"{drift.what} {drift.id} of order {drift.order}"
        return f"{about}: noted {_say(drift.noted)}; by its order {_say(drift.true)}"


def _say(figures: Sequence[Decimal | None]) -> str:
    return ", ".join("–" if each is None else f"{each:f}" for each in figures)
