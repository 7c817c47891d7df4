"""`manage.py write_catalogues`: gathers what customers read and compiles the translations."""

from typing import Any

from django.core.management.base import BaseCommand

from config.catalogues import list_catalogues, update_catalogue


class Command(BaseCommand):
    help = "Gather the messages of the portal and the mails, and compile every translation."

    def handle(self, *args: Any, **options: Any) -> None:
        for path in list_catalogues():
            gaps = update_catalogue(path)
            self.stdout.write(f"{path.parent.parent.name}: {len(gaps)} without translation")
            for gap in gaps:
                self.stdout.write(f"  {gap}")
