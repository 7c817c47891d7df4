"""`manage.py settle_log`: once, after a database was restored into another cluster."""

from typing import Any

from django.core.management.base import BaseCommand

from oms.actions.settling_log import settle_log


class Command(BaseCommand):
    help = "Make the log of events readable after the database was restored into another PostgreSQL cluster."

    def handle(self, *args: Any, **options: Any) -> None:
        settled = settle_log()
        self.stdout.write(f"{settled:,} events were put at the beginning of the log." if settled else "Nothing to do.")
