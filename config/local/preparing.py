"""What has to be done between an empty database and the first page, each only when it is needed."""

import hashlib
import os
import sys
import tomllib
from collections.abc import Mapping

import psycopg
from psycopg import sql

from config.local.libraries import homebrew_libraries
from config.local.mirror import last_words
from config.local.places import CHECKOUT, Places
from config.local.supervisor import Supervisor
from config.local.trouble import Trouble

DEMO_BRAND = CHECKOUT / "config" / "demo" / "brand.toml"
DEMO_LOADED = "demo loaded"  # kept as a comment on the database: it lives exactly as long as the database does
# Packing every file as small as it gets takes 38 s, and on the way from 127.0.0.1 nobody notices.
UNCOMPRESSED = "django.contrib.staticfiles.storage.ManifestStaticFilesStorage"
UNKNOWN_COMMAND = "Unknown command"


def migrate(supervisor: Supervisor, environment: Mapping[str, str]) -> None:
    _manage(supervisor, environment, "migrate", "--noinput")


def load_demo(supervisor: Supervisor, environment: Mapping[str, str]) -> None:
    """Once in the life of a database, so that somebody who emptied it does not get the demo back."""
    try:
        _manage(supervisor, environment, "load_demo")
    except Trouble as trouble:
        if UNKNOWN_COMMAND not in str(trouble):
            raise
        supervisor.say("There is no demo to load (this version has no command load_demo).")
        return
    note_demo(environment["DATABASE_URL"])


def wants_demo(environment: Mapping[str, str], *, own_cluster: bool) -> bool:
    """Never in a database that somebody brought along, unless they ask for it with OMS_DEMO=1."""
    wish = environment.get("OMS_DEMO", "1" if own_cluster else "0")
    return wish not in ("", "0") and not has_demo(environment["DATABASE_URL"])


def has_demo(url: str) -> bool:
    question = "SELECT shobj_description(oid, 'pg_database') FROM pg_database WHERE datname = current_database()"
    try:
        with psycopg.connect(url, connect_timeout=5) as connection:
            row = connection.execute(question).fetchone()
    except psycopg.Error:
        return False
    return row is not None and row[0] == DEMO_LOADED


def under_demo_name(environment: Mapping[str, str]) -> dict[str, str]:
    """The pages bear the name of the demo's brand, unless somebody has set another one."""
    return {"SHOP_NAME": tomllib.loads(DEMO_BRAND.read_text(encoding="utf-8"))["name"], **environment}


def note_demo(url: str) -> None:
    with psycopg.connect(url, connect_timeout=5) as connection:
        name = sql.Identifier(connection.info.dbname)
        connection.execute(sql.SQL("COMMENT ON DATABASE {} IS {}").format(name, DEMO_LOADED))


def collect_static(supervisor: Supervisor, environment: Mapping[str, str]) -> None:
    places = supervisor.places
    mark = static_fingerprint(environment["STATICFILES_STORAGE"])
    if places.static.is_dir() and places.static_mark.exists() and places.static_mark.read_text() == mark:
        return
    supervisor.say("Collecting style sheets and scripts …")
    _manage(supervisor, environment, "collectstatic", "--noinput")
    places.static_mark.write_text(mark)


def static_fingerprint(storage: str) -> str:
    """Changes with the way they are stored, the installed packages, the settings and the apps' own files."""
    known = hashlib.sha256(storage.encode() + (CHECKOUT / "requirements.lock").read_bytes())
    own = [path for folder in CHECKOUT.glob("[!.]*/static") for path in folder.rglob("*") if path.is_file()]
    for path in sorted([CHECKOUT / "config" / "settings.py", *own]):
        found = path.stat()
        known.update(f"{path.relative_to(CHECKOUT)} {found.st_size} {found.st_mtime_ns}\n".encode())
    return known.hexdigest()


def _manage(supervisor: Supervisor, environment: Mapping[str, str], *words: str) -> None:
    command = [sys.executable, str(CHECKOUT / "manage.py"), *words]
    code = supervisor.run_once(words[0], command, environment)
    if code != 0:
        log = supervisor.places.logs / f"{words[0]}.log"
        raise Trouble(
            f"`manage.py {words[0]}` ended with code {code}. The end of {log}:\n\n{last_words(log, lines=25)}"
        )


def shared_environment(places: Places, *, secret: str, broker: str, database: str) -> dict[str, str]:
    """What every part of the application reads. What the caller has set already stands."""
    ours = {"HTTPS": "0", "SECRET_KEY": secret, "STATICFILES_STORAGE": UNCOMPRESSED, "PYTHONUNBUFFERED": "1"}
    fixed = {
        "DATABASE_URL": database,
        "CELERY_BROKER_URL": broker,
        "OMS_DATA": str(places.root),
        "OMS_DEMO_CREDENTIALS": str(places.credentials),
    }
    return {**homebrew_libraries(), **ours, **os.environ, **fixed}
