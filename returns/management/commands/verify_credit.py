"""`manage.py verify_credit`: prove that every balance of store credit is the sum of its entries."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from returns.models import CreditAccount, CreditEntry
from returns.queries.credit.drift import CreditDrift, find_credit_drift


class Command(BaseCommand):
    help = "Shows where store credit differs from its ledger. It repairs nothing: what differs was written by hand."

    def handle(self, *args: Any, **options: Any) -> None:
        drifts = find_credit_drift()
        for drift in drifts:
            self.stdout.write(self._line(drift))
        if drifts:
            raise CommandError(f"{len(drifts)} differ. Find out who wrote them.")
        self.stdout.write(
            f"Every balance of {CreditAccount.objects.count()} accounts is the sum of their "
            f"{CreditEntry.objects.count()} entries, and every entry balances."
        )

    def _line(self, drift: CreditDrift) -> str:
        return f"{drift.what}, {drift.figure}: {drift.kept:.2f}, ledger {drift.ledger:.2f} ({drift.difference:+.2f})"
