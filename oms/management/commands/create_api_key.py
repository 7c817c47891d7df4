"""`manage.py create_api_key --name N --scope S …` prints a new key, once."""

from argparse import ArgumentParser
from datetime import timedelta
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.utils import timezone

from oms.actions.issuing_keys import end_api_key, issue_api_key
from oms.errors import Refused
from oms.models.api_key import Scope


class Command(BaseCommand):
    help = "Issue an API key. The key is the last line of the output and cannot be shown again."

    def add_arguments(self, parser: ArgumentParser) -> None:
        scopes = "; ".join(f"{scope.value}: {scope.label}" for scope in Scope)
        parser.add_argument("--name", required=True, help="who will hold it")
        parser.add_argument("--scope", action="append", required=True, help=f"what it may do, repeatable. {scopes}")
        parser.add_argument("--channel", action="append", default=[], help="only this channel, repeatable")
        parser.add_argument("--warehouse", action="append", default=[], help="only this warehouse, repeatable")
        parser.add_argument("--expires-days", type=int, help="days until it ends; without it, it does not")

    def handle(self, *args: Any, **options: Any) -> None:
        by, now, days = "system", timezone.now(), options["expires_days"]
        try:
            with transaction.atomic():
                key, secret = issue_api_key(
                    name=options["name"],
                    scopes=options["scope"],
                    channels=options["channel"],
                    warehouses=options["warehouse"],
                    by=by,
                    at=now,
                )
                if days is not None:
                    end_api_key(key_id=key.pk, expires_at=now + timedelta(days=days), by=by, at=now)
        except Refused as refusal:
            raise CommandError(refusal.message) from None

        self.stdout.write(f"Key {key.pk} for {key.name}: {', '.join(key.scopes)}. It is shown this once:")
        self.stdout.write(secret)
