"""A whole shop of its own, every part of it as `make up` starts it, in a folder that goes away afterwards."""

import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psutil
import psycopg

from config.local.house import remove_house
from config.local.parts import beat_part, web_part, worker_part
from config.local.places import CHECKOUT, Places
from config.local.preparing import migrate, shared_environment
from config.local.stopping import StopWish
from config.local.supervisor import Supervisor
from config.local.throwaway import remove
from config.local.up import start_broker, start_database

PATIENCE = 90.0
"""Seconds until a part that was killed must answer again."""


@dataclass
class Shop:
    """What runs, and how it is reached. The supervisor looks after it from a thread of its own."""

    places: Places
    supervisor: Supervisor
    environment: dict[str, str]
    port: int
    database: str
    keys: dict[str, str] = field(default_factory=dict)
    said: list[str] = field(default_factory=list)
    _done: threading.Event = field(default_factory=threading.Event)

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}/api/v1"

    def manage(self, *words: str) -> str:
        command = [sys.executable, "manage.py", *words]
        ended = subprocess.run(
            command, cwd=CHECKOUT, env=self.environment, capture_output=True, text=True, check=False, timeout=300
        )
        if ended.returncode != 0:
            raise AssertionError(f"manage.py {words[0]}: {ended.stdout[-500:]} {ended.stderr[-1500:]}")
        return ended.stdout

    def ask(self, question: str) -> list[tuple[Any, ...]]:
        """One statement, once the database is there to answer."""
        deadline = time.monotonic() + PATIENCE
        while True:
            try:
                with psycopg.connect(self.database, connect_timeout=5) as connection:
                    return connection.execute(question).fetchall()  # type: ignore[arg-type]
            except psycopg.OperationalError:
                if time.monotonic() > deadline:
                    raise
                time.sleep(0.2)

    def kill(self, name: str) -> int:
        """As an out-of-memory killer would, with no chance to say goodbye; the process id."""
        pid = self._victim(name)
        os.kill(pid, signal.SIGKILL)
        return pid

    def answers(self, name: str) -> bool:
        watched = self.supervisor.parts[name]
        return watched.child.lives and watched.has_answered

    def wait_until_up(self) -> None:
        deadline = time.monotonic() + PATIENCE
        while not all(self.answers(name) for name in list(self.supervisor.parts)):
            if time.monotonic() > deadline:
                down = [name for name in self.supervisor.parts if not self.answers(name)]
                raise AssertionError(f"Not up again after {PATIENCE:.0f} s: {', '.join(down)}. {self.said[-3:]}")
            time.sleep(0.1)

    def _victim(self, name: str) -> int:
        """The part itself. Of the web server one that answers requests, of PostgreSQL one that serves somebody, every
        other time.
        """
        leader = self.supervisor.parts[name].child.pid
        children = psutil.Process(leader).children()
        if name in ("web", "postgres") and children and len(self.said) % 2:
            return int(children[-1].pid)
        return int(leader)

    def _watch(self) -> None:
        while not self._done.is_set():
            self.supervisor.look()
            time.sleep(0.1)


@contextmanager
def open_shop(folder: Path, *, settings: dict[str, str]) -> Iterator[Shop]:
    """Durable, as in production: what was committed outlives a kill."""
    places = Places(folder.resolve())
    places.create()
    said: list[str] = []
    supervisor = Supervisor(places, StopWish(), said.append)
    try:
        database, _ = start_database(supervisor)
        broker = start_broker(supervisor)
        port = _free_port()
        environment = shared_environment(places, secret="only-for-chaos-" * 3, broker=broker, database=database)
        environment |= {"PORT": str(port), "WEB_CONCURRENCY": "2"} | settings
        migrate(supervisor, environment)
        shop = Shop(places, supervisor, environment, port, database, said=said)
        yield from _run(shop)
    finally:
        supervisor.stop()
        remove_house(places)
        remove(places)


def _run(shop: Shop) -> Iterator[Shop]:
    watcher = threading.Thread(target=shop._watch, daemon=True)
    shop.supervisor.start(web_part(shop.environment, shop.port))
    shop.supervisor.start(worker_part(shop.environment))
    shop.supervisor.start(beat_part(shop.environment, shop.places))
    watcher.start()
    shop.wait_until_up()
    try:
        yield shop
    finally:
        shop._done.set()
        watcher.join(5)


def _free_port() -> int:
    with socket.socket() as ours:
        ours.bind(("127.0.0.1", 0))
        return int(ours.getsockname()[1])
