"""The floor's clients: one operating system process each, so that they do not wait for one another's Python."""

import multiprocessing
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from multiprocessing.connection import Connection
from typing import Any

import psutil  # type: ignore[import-untyped]


@dataclass
class Job:
    """What one client does in one round. `name` is unlike that of any other job of the run."""

    url: str
    name: str
    seconds: float
    wanted: dict[str, Any]
    end: Connection = field(repr=False)
    start_at: float = 0.0

    def wait(self) -> None:
        """Say that all is prepared, and begin when everybody has."""
        self.end.send("ready")
        self.end.recv()
        self.start_at = time.monotonic()

    @property
    def lasts(self) -> bool:
        return time.monotonic() < self.start_at + self.seconds


Work = Callable[[Job], int]
"""Takes a job, works until it no longer lasts, and says how many units (orders, lines, lists) it did."""


class Clients:
    """A crew that is started once and idles between rounds."""

    def __init__(self, most: int) -> None:
        starting = multiprocessing.get_context("spawn")
        self._ends: list[Connection] = []
        self._members = []
        for _ in range(most):
            ours, theirs = starting.Pipe()
            member = starting.Process(target=_serve, args=(theirs,), daemon=True)
            member.start()
            theirs.close()
            self._ends.append(ours)
            self._members.append(member)
        self._jobs = 0

    def rate(self, work: Work, *, clients: int, url: str, seconds: float, **wanted: Any) -> float:
        """Units a second that so many clients did together."""
        ends = self._ends[:clients]
        for place, end in enumerate(ends):
            self._jobs += 1
            end.send((work, url, f"{self._jobs:x}-{place}", seconds, wanted))
        _hear(ends)
        started = time.monotonic()
        for end in ends:
            end.send("go")
        answers = _hear(ends)
        return sum(done for done, _ in answers) / (max(ended for _, ended in answers) - started)

    def cpu(self) -> float:
        """Seconds that all of them have used up to now."""
        times = [psutil.Process(member.pid).cpu_times() for member in self._members]
        return sum(each.user + each.system for each in times)

    def stop(self) -> None:
        for end in self._ends:
            end.close()
        for member in self._members:
            member.join(5)


def _hear(ends: list[Connection]) -> list[Any]:
    """One word of each; a client's trouble is ours."""
    words = [end.recv() for end in ends]
    for word in words:
        if isinstance(word, Exception):
            raise word
    return words


def _serve(end: Connection) -> None:
    while True:
        try:
            work, url, name, seconds, wanted = end.recv()
        except (EOFError, KeyboardInterrupt):
            return
        try:
            done = work(Job(url, name, seconds, wanted, end))
            end.send((done, time.monotonic()))
        except Exception as trouble:
            end.send(RuntimeError(f"{type(trouble).__name__}: {trouble}"))
