"""`python -m config.local manage COMMAND`: manage.py with the database, broker and secret of what runs here."""

import os
import sys
from typing import NoReturn

from config.local.house import known_url
from config.local.places import CHECKOUT, Places, keep_secret
from config.local.preparing import shared_environment
from config.local.trouble import Trouble
from config.local.turn import is_taken
from config.local.valkey import Valkey, find_valkey


def manage(words: list[str]) -> NoReturn:
    places = Places.of(os.environ)
    given = os.environ.get("DATABASE_URL")
    if not given and not is_taken(places):
        raise Trouble("Nothing is running here. Start it first, in another terminal: make up")
    environment = shared_environment(
        places,
        secret=keep_secret(places.root / "secret_key"),
        broker=os.environ.get("CELERY_BROKER_URL") or Valkey(find_valkey(), places.valkey, places.valkey_socket).url,
        database=given or known_url(places),
    )
    command = [sys.executable, str(CHECKOUT / "manage.py"), *words]
    os.execve(command[0], command, environment)  # noqa: S606 - these words came from our own command line
