"""The floor's clients: one operating system process each, so that they do not wait for one another's Python."""

import multiprocessing
import time
from collections.abc import Callable
from dataclasses import dataclass
from multiprocessing.connection import Connection
from typing import Any

HEAD_START = 0.15  # seconds; long enough for every client to have heard of the job


@dataclass(frozen=True)
class Job:
    """What one client does in one round. `name` is unlike that of any other job of the run."""

    url: str
    name: str
    start_at: float  # on the monotonic clock, which all processes of a machine share
    seconds: float
    wanted: dict[str, Any]

    def wait(self) -> None:
        """Everybody begins at the same moment, connected and prepared."""
        time.sleep(max(0.0, self.start_at - time.monotonic()))

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
        for end in self._ends:
            end.recv()  # it is there
        self._jobs = 0

    def rate(self, work: Work, *, clients: int, url: str, seconds: float, **wanted: Any) -> float:
        """Units a second that so many clients did together."""
        start_at = time.monotonic() + HEAD_START
        for place, end in enumerate(self._ends[:clients]):
            self._jobs += 1
            end.send((work, Job(url, f"{self._jobs:x}-{place}", start_at, seconds, wanted)))
        answers = [end.recv() for end in self._ends[:clients]]
        if troubles := [answer for answer in answers if isinstance(answer, Exception)]:
            raise troubles[0]
        return sum(done for done, _ in answers) / (max(ended for _, ended in answers) - start_at)

    def stop(self) -> None:
        for end in self._ends:
            end.close()
        for member in self._members:
            member.join(5)


def _serve(end: Connection) -> None:
    end.send("here")
    while True:
        try:
            work, job = end.recv()
        except (EOFError, KeyboardInterrupt):
            return
        try:
            end.send((work(job), time.monotonic()))
        except Exception as trouble:  # noqa: BLE001 - it is raised again where the round was asked for
            end.send(RuntimeError(f"{type(trouble).__name__}: {trouble}"))
