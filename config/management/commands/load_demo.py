"""`manage.py load_demo`: Morrow & Flax, a small brand with sixty days behind it, for looking around."""

import json
import os
import time
from argparse import ArgumentParser
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from django.utils.dateparse import parse_datetime

from config.demo.loading import load_brand
from config.demo.staffing import Credentials

FILE = "OMS_DEMO_CREDENTIALS"
"""The environment names a file here that takes the password and the key; without it they are printed once."""
AHEAD = timedelta(days=1)


class Command(BaseCommand):
    help = "Load a small invented brand into an empty database. In a database that is in use it does nothing."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--now", type=_read_moment, help="the moment that counts as now (RFC 3339)")

    def handle(self, *args: Any, **options: Any) -> None:
        started = time.monotonic()
        now = options["now"] or timezone.now()
        if now > timezone.now() + AHEAD:
            raise CommandError("--now lies in the future: orders cannot be placed there.")

        path = os.environ.get(FILE, "")
        loaded = load_brand(now=now, tell=self._tell, hand_over=lambda known: write_credentials(path, known))
        if loaded is None:
            self._tell("This database is in use already: nothing was loaded.")
            return
        self._tell(f"Morrow & Flax is there: {loaded.orders} orders in {time.monotonic() - started:.0f} s.")
        if path:
            self._tell(f"Password and API key of `{loaded.credentials.username}` are in {path}.")
        else:
            self._show(loaded.credentials)

    def _tell(self, words: str) -> None:
        self.stdout.write(words)
        self.stdout.flush()

    def _show(self, known: Credentials) -> None:
        self._tell(f"Sign in as {known.username} with the password {known.password}")
        self._tell(f"API key: {known.api_key}")
        self._tell("Both are shown this once.")


def _read_moment(text: str) -> datetime:
    try:
        moment = parse_datetime(text)
    except ValueError:
        moment = None
    if moment is None:
        raise CommandError(f"{text} is no moment; write it like 2026-11-21T09:30:00Z.")
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def write_credentials(path: str, known: Credentials) -> None:
    """Readable by its owner only, and there as a whole or not at all. No path: nowhere."""
    if not path:
        return
    draft = Path(f"{path}.new")
    draft.unlink(missing_ok=True)
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as file:
        json.dump(known.as_document(), file, indent=2)
    draft.replace(path)
