"""`python -m config.local run -- COMMAND`: a database of its own for one command, removed afterwards in any case."""

import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from config.local.accounts import enterable, server_account
from config.local.child import die_with_parent, stop_orphans
from config.local.house import remove_house
from config.local.places import Places, keep_secret
from config.local.preparing import shared_environment
from config.local.stopping import TICK, StopWish
from config.local.supervisor import STOP_ORDER, Supervisor
from config.local.trouble import StopAsked, Trouble
from config.local.turn import take_turn
from config.local.up import start_broker, start_database

PREFIX = "oms-run-"
FORGOTTEN = 3600.0  # seconds; a folder of that age without a living launcher was left by a kill -9
LAST_CHANCE = 15.0  # seconds a command gets to end by itself after Ctrl-C


def run_command(words: list[str], *, durable: bool, with_broker: bool) -> int:
    wish = StopWish()
    wish.listen()
    parent = enterable([Path(tempfile.gettempdir()), Path("/tmp"), Path("/var/tmp")], server_account())  # noqa: S108
    remove_forgotten(parent)
    places = Places(Path(tempfile.mkdtemp(prefix=PREFIX, dir=parent)).resolve())
    try:
        places.create()
        with take_turn(places, doing=" ".join(words)):
            return _run(Supervisor(places, wish, _say), words, durable=durable, with_broker=with_broker)
    finally:
        remove(places)


def remove_forgotten(parent: Path) -> None:
    for folder in parent.glob(f"{PREFIX}*"):
        places = Places(folder)
        try:
            found = folder.stat()
            if found.st_uid != os.geteuid() or time.time() - found.st_mtime < FORGOTTEN or not places.marker.exists():
                continue
            with take_turn(places, doing="tidying up"):
                stop_orphans(places, STOP_ORDER)
        except (OSError, Trouble):  # it is alive, or another run was faster
            continue
        remove(places)


def remove(places: Places) -> None:
    remove_house(places)
    for folder in (places.sockets, places.root):
        shutil.rmtree(folder, ignore_errors=True)


def _run(supervisor: Supervisor, words: list[str], *, durable: bool, with_broker: bool) -> int:
    places = supervisor.places
    try:
        database, _ = start_database(supervisor, durable=durable)
        broker = start_broker(supervisor, durable=durable) if with_broker else os.environ.get("CELERY_BROKER_URL", "")
        secret = keep_secret(places.root / "secret_key")
        environment = shared_environment(places, secret=secret, broker=broker, database=database)
        return _follow(supervisor, words, environment)
    except StopAsked:
        return 128 + supervisor.wish.last
    finally:
        supervisor.stop()


def _follow(supervisor: Supervisor, words: list[str], environment: dict[str, str]) -> int:
    """It shares our terminal and gets Ctrl-C by itself; SIGTERM reaches only us, so it is passed on."""
    wish = supervisor.wish
    try:
        running = subprocess.Popen(words, env=environment, preexec_fn=die_with_parent(signal.SIGTERM))  # noqa: PLW1509
    except OSError as error:
        raise Trouble(f"{words[0]}: {error.strerror}") from None

    while running.poll() is None and not wish.count:
        supervisor.look()
        time.sleep(TICK)
    if running.poll() is None and wish.last != signal.SIGINT:
        running.terminate()
    _wait(running, wish)
    return running.returncode if running.returncode >= 0 else 128 - running.returncode


def _wait(running: "subprocess.Popen[bytes]", wish: StopWish) -> None:
    deadline = time.monotonic() + LAST_CHANCE
    while running.poll() is None and time.monotonic() < deadline and not wish.is_urgent:
        time.sleep(TICK)
    if running.poll() is None:
        running.terminate()
        try:
            running.wait(5)
        except subprocess.TimeoutExpired:
            running.kill()
            running.wait()


def _say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)
