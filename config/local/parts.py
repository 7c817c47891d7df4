"""The five parts that run while the system is up, each as the supervisor needs to know it."""

import os
import re
import signal
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from config.local.accounts import Account
from config.local.asking import is_ready
from config.local.places import CHECKOUT, Places
from config.local.postgres import Cluster
from config.local.valkey import Valkey

LOUD = re.compile(r'\b(WARNING|ERROR|CRITICAL|FATAL|PANIC)\b|"level": ?"(warning|error|critical)"|^Traceback ')
# Asking for a page that is not there is the visitor's mistake; it stays in the log.
VISITORS_MISTAKE = re.compile(r"django\.(request|security\.\w+): (Not Found|Bad Request|Unauthorized|Forbidden|Method)")
FOR_DEVELOPERS = re.compile(r"DeprecationWarning|SecurityWarning")
# A statement that fails is the application's business, and it says so itself.
LOUD_POSTGRES = re.compile(r"PANIC: |No space left|could not (write|extend|fsync)")
LOUD_VALKEY = re.compile(r"Fatal|No space left|MISCONF|Bad file format")


def _nothing() -> None:
    """Nothing needs to be done before this part starts."""


@dataclass(frozen=True)
class Part:
    name: str
    command: list[str]
    answers: Callable[[], bool] | None = None
    ready_line: str = ""  # for a part that can only say in its log that it has begun
    environment: Mapping[str, str] = field(default_factory=lambda: dict(os.environ))
    account: Account | None = None
    folder: Path = Path("/")
    before_start: Callable[[], None] = _nothing
    stop_with: signal.Signals = signal.SIGTERM
    force_with: signal.Signals = signal.SIGKILL
    grace: float = 4.0  # seconds between the two; all parts together stay below 15
    loud: re.Pattern[str] = LOUD
    hushed: re.Pattern[str] | None = None
    deaths_allowed: int = 3  # before it has answered for the first time


def postgres_part(cluster: Cluster) -> Part:
    """SIGINT is PostgreSQL's fast shutdown, SIGQUIT its immediate one: safe too, recovery happens at the next start."""
    return Part(
        name="postgres",
        command=cluster.command(),
        answers=cluster.answers,
        environment=cluster.environment(),
        account=cluster.account,
        before_start=cluster.clear_the_way,
        stop_with=signal.SIGINT,
        force_with=signal.SIGQUIT,
        loud=LOUD_POSTGRES,
        deaths_allowed=1_000,  # until the old backends are gone a new server refuses to start; patience decides
    )


def valkey_part(valkey: Valkey) -> Part:
    return Part(
        name="valkey",
        command=valkey.command(),
        answers=valkey.answers,
        before_start=valkey.clear_the_way,
        grace=2.0,
        loud=LOUD_VALKEY,
    )


def web_part(environment: Mapping[str, str], port: int) -> Part:
    """Processes with one thread each: more threads slow Python-bound work down (docs: granian --help)."""
    command = [sys.executable, "-m", "granian", "--interface", "wsgi", "--host", "127.0.0.1", "--port", str(port)]
    command += ["--workers", environment["WEB_CONCURRENCY"], "--blocking-threads", "1"]
    command += ["--respawn-failed-workers", "--workers-kill-timeout", "3", "config.wsgi:application"]
    return Part(
        name="web",
        command=command,
        answers=lambda: is_ready(port),
        environment=environment,
        folder=CHECKOUT,
        hushed=VISITORS_MISTAKE,
    )


def worker_part(environment: Mapping[str, str]) -> Part:
    """Two of its threads may be busy with webhooks all day. What a killed worker had in hand is given out again (acks
    late).
    """
    command = [sys.executable, "-m", "celery", "-A", "config.celery:app", "worker", "-P", "threads", "-c", "6"]
    command += ["--without-gossip", "--without-mingle", "--loglevel", "INFO"]  # there is no other worker to talk to
    return Part(
        name="worker",
        command=command,
        ready_line=" ready.",
        environment=environment,
        folder=CHECKOUT,
        hushed=FOR_DEVELOPERS,
    )


def beat_part(environment: Mapping[str, str], places: Places) -> Part:
    """Calls the tasks that come by themselves. A part of its own: within the worker (-B) nobody would notice its death,
    and everything that waits for its hour would wait for ever.
    """
    command = [sys.executable, "-m", "celery", "-A", "config.celery:app", "beat", "--loglevel", "INFO"]
    command += ["--schedule", str(places.beat_schedule), "--pidfile", ""]
    return Part(
        name="beat",
        command=command,
        ready_line="beat: Starting",
        environment=environment,
        folder=CHECKOUT,
        hushed=FOR_DEVELOPERS,
    )


def web_concurrency() -> str:
    given = os.environ.get("WEB_CONCURRENCY", "")
    return given if given.isdigit() and int(given) > 0 else str(min(4, _cores()))


def _cores() -> int:
    if sys.platform == "linux":
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1
