"""The product's workers and their clock, started as `make up` starts them, with a broker of their own."""

import contextlib
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from config.local.child import die_with_parent
from config.local.valkey import Valkey, find_valkey
from tests.bench.databases import CHECKOUT, product_environment
from tests.bench.machine import cores

PATIENCE = 60.0  # seconds
CELERY = [sys.executable, "-m", "celery", "-A", "config.celery:app"]
WORKER = [*CELERY, "worker", "-P", "threads", "-c", "6", "--without-gossip", "--without-mingle"]


@contextlib.contextmanager
def run_workers(url: str, folder: Path, **more: str) -> Iterator[str]:
    """A worker a core, and one clock; the broker's address."""
    broker = Valkey(find_valkey(), folder, folder / "valkey.sock", durable=False)
    environment = product_environment(url, CELERY_BROKER_URL=broker.url, **more)
    with contextlib.ExitStack() as started:
        started.enter_context(_run("valkey", broker.command(), folder, environment))
        _wait(broker.answers)
        logs = []
        for number in range(cores()):
            words = [*WORKER, "--hostname", f"bench{number}", "--loglevel", "INFO"]
            logs.append(started.enter_context(_run(f"worker{number}", words, folder, environment)))
        beat = [*CELERY, "beat", "--schedule", str(folder / "beat"), "--pidfile", ""]
        started.enter_context(_run("beat", beat, folder, environment))
        _wait(lambda: all(" ready." in log.read_text(errors="replace") for log in logs))
        yield broker.url


@contextlib.contextmanager
def _run(name: str, command: list[str], folder: Path, environment: dict[str, str]) -> Iterator[Path]:
    """Its log; it ends with the block."""
    log = folder / f"{name}.log"
    with log.open("wb") as written:
        running = subprocess.Popen(
            command,
            cwd=CHECKOUT,
            env=environment,
            stdout=written,
            stderr=subprocess.STDOUT,
            preexec_fn=die_with_parent(signal.SIGTERM),  # noqa: PLW1509 - no threads here
        )
    try:
        yield log
    finally:
        running.terminate()
        try:
            running.wait(5)
        except subprocess.TimeoutExpired:
            running.kill()
            running.wait()


def _wait(answers: Callable[[], bool]) -> None:
    deadline = time.monotonic() + PATIENCE
    while not answers():
        if time.monotonic() > deadline:
            raise TimeoutError("The workers did not start.")
        time.sleep(0.1)
