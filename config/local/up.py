"""`make up`: from a checkout to a running system, in the order in which each part needs the one before."""

import os

from config.local.asking import status_of
from config.local.banner import show_banner
from config.local.child import stop_orphans
from config.local.house import open_house
from config.local.libraries import missing_for_documents
from config.local.parts import beat_part, postgres_part, valkey_part, web_concurrency, web_part, worker_part
from config.local.places import Places, keep_secret
from config.local.port import choose_port, require_free
from config.local.preparing import (
    collect_static,
    has_demo,
    load_demo,
    migrate,
    shared_environment,
    under_demo_name,
    wants_demo,
)
from config.local.stopping import StopWish
from config.local.supervisor import STOP_ORDER, Supervisor
from config.local.trouble import StopAsked, Trouble
from config.local.turn import take_turn
from config.local.valkey import Valkey, find_valkey

CRASH_RECOVERY = 60.0  # seconds of patience with a database that was killed
WEB_START = 90.0


def say(text: str) -> None:
    print(text, flush=True)


def bring_up() -> None:
    places = Places.of(os.environ)
    port = choose_port(os.environ)
    places.create()
    with take_turn(places, doing=f"http://127.0.0.1:{port}"):
        if found := stop_orphans(places, STOP_ORDER):
            say(f"Stopped what an earlier start had left running: {', '.join(found)}.")
        require_free(port)

        wish = StopWish()
        wish.listen()
        supervisor = Supervisor(places, wish, say)
        try:
            _run(supervisor, port)
        except StopAsked:
            say("\nStopping … (Ctrl-C once more: at once)")
        finally:
            supervisor.stop()
        say("Stopped. Everything is kept; `make up` continues.")


def _run(supervisor: Supervisor, port: int) -> None:
    places = supervisor.places
    database, about_database = start_database(supervisor)
    broker = start_broker(supervisor)
    environment = shared_environment(
        places, secret=keep_secret(places.root / "secret_key"), broker=broker, database=database
    )
    environment |= {"PORT": str(port), "WEB_CONCURRENCY": web_concurrency()}
    environment.setdefault("PUBLIC_URL", f"http://127.0.0.1:{port}")  # links in mails lead here

    say("Bringing the database up to date …")
    migrate(supervisor, environment)
    collect_static(supervisor, environment)
    if wants_demo(environment, own_cluster="postgres" in supervisor.parts):
        say("Loading a demo shop (only this once) …")
        load_demo(supervisor, under_demo_name(environment))
    with_demo = has_demo(database)
    if with_demo:
        environment = under_demo_name(environment)

    say("Starting web and worker …")
    supervisor.start(web_part(environment, port))
    supervisor.start(worker_part(environment))
    supervisor.start(beat_part(environment, places))
    _wait_for_web(supervisor, port)

    say(show_banner(places, port=port, with_demo=with_demo, database=about_database))
    if advice := missing_for_documents():
        say(f"{advice}\n")
    supervisor.watch()


def _wait_for_web(supervisor: Supervisor, port: int) -> None:
    """A system that answers but reports a fault is shown, not stopped: its pages are where one finds the fault."""
    try:
        supervisor.wait_for("web", "worker", "beat", patience=WEB_START)
    except Trouble:
        if status_of(port, "/readyz") == 0:
            raise
        say(f"It runs, but not everything works yet. See http://127.0.0.1:{port}/readyz")


def start_database(supervisor: Supervisor, *, durable: bool = True) -> tuple[str, str]:
    """Its URL, and a word about it for people. A database that somebody brings along is used as it is."""
    if given := os.environ.get("DATABASE_URL"):
        return given, "yours, from DATABASE_URL"
    if not (supervisor.places.cluster / "data").exists():
        supervisor.say("Building a database …")
    cluster = open_house(supervisor.places, durable=durable)
    for name in [name for name in os.environ if name.startswith("PG")]:
        del os.environ[name]  # they would bend every connection to our own socket
    supervisor.say(f"Starting PostgreSQL {cluster.programs.major} …")
    supervisor.start(postgres_part(cluster))
    supervisor.wait_for("postgres", patience=CRASH_RECOVERY)
    return cluster.url, f"PostgreSQL {cluster.programs.major}, our own"


def start_broker(supervisor: Supervisor, *, durable: bool = True) -> str:
    if given := os.environ.get("CELERY_BROKER_URL"):
        return given
    places = supervisor.places
    valkey = Valkey(find_valkey(), places.valkey, places.valkey_socket, durable)
    supervisor.start(valkey_part(valkey))
    supervisor.wait_for("valkey", patience=CRASH_RECOVERY)
    return valkey.url
