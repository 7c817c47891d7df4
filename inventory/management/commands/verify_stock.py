"""`manage.py verify_stock`: prove that every balance is the sum of its ledger."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from inventory.actions.repairing import repair_stock
from inventory.queries.drift import Drift, find_drift


class Command(BaseCommand):
    help = "Shows where stock differs from its ledger; with --repair writes the difference down as movements."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--repair", action="store_true", help="Write the repair as movements.")

    def handle(self, *args: Any, **options: Any) -> None:
        drifts = repair_stock(by="system:verify_stock", at=timezone.now()) if options["repair"] else find_drift()
        for drift in drifts:
            self.stdout.write(self._line(drift))
        if not drifts:
            self.stdout.write("Every balance is the sum of its ledger.")
        elif options["repair"]:
            self.stdout.write(f"{len(drifts)} repaired.")
        else:
            raise CommandError(f"{len(drifts)} differ. Find out why, then run it with --repair.")

    def _line(self, drift: Drift) -> str:
        place = f" @ {drift.warehouse}" if drift.warehouse else ""
        return f"{drift.sku}{place} {drift.figure}: {drift.balance}, ledger {drift.ledger} ({drift.difference:+})"
