"""A running shop whose database lies on a disk of its own: a small one, which can be filled and emptied."""

import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import psycopg
import pytest

from config.local.house import open_house
from config.local.parts import postgres_part, web_part
from config.local.places import CHECKOUT, Places
from config.local.postgres import Cluster
from config.local.preparing import migrate, shared_environment
from config.local.stopping import StopWish
from config.local.supervisor import Supervisor
from tests.make.orders import order_body

DISK = 160 * 2**20
"""Bytes. An empty cluster takes a quarter of them, its WAL (see `WAL`) another one."""
WAL = "min_wal_size = '32MB'\nmax_wal_size = '32MB'\n"
PATIENCE = 60.0
"""Seconds."""

FURNISH = """
from tests.make.orders import channel
from tests.make.stock import stocked_variant
channel("web", minutes=0), channel("file", already_sold=True), stocked_variant(on_hand=100_000)
"""


@dataclass
class SmallShop:
    """Everything that `make up` runs but for the worker, watched by the same supervisor."""

    cluster: Cluster
    supervisor: Supervisor
    environment: dict[str, str]
    http: httpx.Client

    @property
    def disk(self) -> Path:
        return self.cluster.house

    @property
    def ballast(self) -> Path:
        return self.disk / "ballast"

    def fill_disk(self, *, leave: int) -> None:
        """Something else fills the disk, up to so many bytes."""
        os.posix_fallocate(fd := os.open(self.ballast, os.O_WRONLY | os.O_CREAT), 0, self.free - leave)
        os.close(fd)

    def make_room(self) -> None:
        self.ballast.unlink()

    @property
    def free(self) -> int:
        return shutil.disk_usage(self.disk).free

    def post(self, path: str, body: Any, *, label: str) -> httpx.Response:
        self.supervisor.look()
        return self.http.post(path, json=body, headers={"Idempotency-Key": label})

    def manage(self, *words: str) -> "subprocess.CompletedProcess[str]":
        command = [sys.executable, "manage.py", *words]
        return subprocess.run(
            command, cwd=CHECKOUT, env=self.environment, capture_output=True, text=True, check=False, timeout=PATIENCE
        )

    def ask(self, question: str) -> Any:
        with psycopg.connect(self.cluster.url) as connection:
            row = connection.execute(question).fetchone()
        return row[0] if row and len(row) == 1 else row

    def watch_until(self, condition: Callable[[], object]) -> None:
        """Let the supervisor do its rounds meanwhile."""
        deadline = time.monotonic() + PATIENCE
        while not condition():
            assert time.monotonic() < deadline, "it did not come to that"
            self.supervisor.look()
            time.sleep(0.05)


@contextmanager
def open_small_shop(*, log_apart: bool) -> Iterator[SmallShop]:
    """With the write-ahead log on the small disk, too, or apart. Skips the test where nothing can be mounted."""
    folder = Path(tempfile.mkdtemp(prefix="oms-disk-", dir="/tmp")).resolve()
    folder.chmod(0o755)
    places = Places(folder / "data")
    supervisor = Supervisor(places, StopWish(), lambda text: None)
    try:
        places.create()
        with _mounted(places.cluster):
            try:
                with httpx.Client(timeout=PATIENCE) as http:
                    yield _furnish(places, supervisor, http, log_apart=log_apart)
            finally:
                supervisor.stop()
    finally:
        shutil.rmtree(places.sockets, ignore_errors=True)
        shutil.rmtree(folder)


@contextmanager
def _mounted(folder: Path) -> Iterator[None]:
    if not sys.platform.startswith("linux") or os.geteuid() != 0:
        pytest.skip("Only root on Linux can mount the small disk that this test fills.")
    folder.mkdir()
    options = f"size={DISK},mode=0711"
    mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", options, "oms-disk", folder], check=False)
    if mounted.returncode != 0:
        pytest.skip("This machine does not let us mount the small disk that this test fills.")
    try:
        yield
    finally:
        subprocess.run(["umount", "--lazy", folder], check=True)


def _furnish(places: Places, supervisor: Supervisor, http: httpx.Client, *, log_apart: bool) -> SmallShop:
    """One channel, one SKU, one key; the server behind a port of its own."""
    cluster = open_house(places)
    with (cluster.folder / "postgresql.conf").open("a") as settings:
        settings.write(WAL)
    if log_apart:
        _move_log(cluster, places.root / "wal")
    supervisor.start(postgres_part(cluster))
    supervisor.wait_for("postgres", patience=PATIENCE)

    port = _free_port()
    fixed = {"PORT": str(port), "WEB_CONCURRENCY": "1"}
    environment = shared_environment(places, secret="only-for-tests-" * 3, broker="", database=cluster.url) | fixed
    shop = SmallShop(cluster, supervisor, environment, http)
    migrate(supervisor, environment)
    furnished = shop.manage("shell", "--no-imports", "-c", FURNISH)
    assert furnished.returncode == 0, furnished.stderr
    key = shop.manage("create_api_key", "--name", "Shop", "--scope", "admin").stdout.split()[-1]
    http.base_url, http.headers["Authorization"] = httpx.URL(f"http://127.0.0.1:{port}/api/v1"), f"Bearer {key}"

    supervisor.start(web_part(environment, port))
    supervisor.wait_for("web", patience=PATIENCE)
    return shop


def _move_log(cluster: Cluster, apart: Path) -> None:
    """As `initdb --waldir` would have put it."""
    log = cluster.folder / "pg_wal"
    subprocess.run(["cp", "-a", log, apart], check=True)
    shutil.rmtree(log)
    log.symlink_to(apart)


def _free_port() -> int:
    with socket.socket() as ours:
        ours.bind(("127.0.0.1", 0))
        return int(ours.getsockname()[1])


def order_for(number: int) -> dict[str, Any]:
    """The order of that number, the same each time it is asked for."""
    return order_body(external_id=f"disk-{number}")
