"""The product's web server, started as `make up` starts it, on a free port."""

import contextlib
import http.client
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

from config.local.child import die_with_parent
from tests.bench.databases import CHECKOUT, product_environment
from tests.bench.driving import Site
from tests.bench.machine import cores
from tests.bench.usage import Family, find_database

START = 60.0  # seconds a server gets to answer


@contextlib.contextmanager
def run_server(url: str, folder: Path, *, workers: int | None = None, disturbances: list[float]) -> Iterator[Site]:
    """Granian with one thread a worker; as many workers as `make up` would take unless said otherwise."""
    port = free_port()
    log = folder / f"web-{port}.log"
    command = [sys.executable, "-m", "granian", "--interface", "wsgi", "--host", "127.0.0.1", "--port", str(port)]
    command += ["--workers", str(workers or default_workers()), "--blocking-threads", "1"]
    command += ["--respawn-failed-workers", "--workers-kill-timeout", "3", "config.wsgi:application"]
    with log.open("wb") as written:
        running = subprocess.Popen(
            command,
            cwd=CHECKOUT,
            env=product_environment(url, WEB_CONCURRENCY=str(workers or default_workers())),
            stdout=written,
            stderr=subprocess.STDOUT,
            start_new_session=True,
            preexec_fn=die_with_parent(signal.SIGTERM),  # noqa: PLW1509 - no threads here
        )
    try:
        _wait_for(running, port, log)
        yield Site(port, folder, log, Family.of(running.pid), find_database(url), disturbances)
    finally:
        _stop(running)


def default_workers() -> int:
    return min(4, cores())


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def _wait_for(running: "subprocess.Popen[bytes]", port: int, log: Path) -> None:
    deadline = time.monotonic() + START
    while time.monotonic() < deadline and running.poll() is None:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
        with contextlib.suppress(OSError, http.client.HTTPException):
            connection.request("GET", "/healthz")
            connection.getresponse().read()
            return
        time.sleep(0.1)
    raise RuntimeError(f"The web server does not answer:\n{log.read_text()[-3000:]}")


def _stop(running: "subprocess.Popen[bytes]") -> None:
    running.terminate()
    try:
        running.wait(10)
    except subprocess.TimeoutExpired:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(running.pid, signal.SIGKILL)
        running.wait()
