"""What programs used: CPU seconds and memory, read from the operating system."""

import os
import time
from dataclasses import dataclass

import psutil  # type: ignore[import-untyped]
import psycopg

from tests.bench.machine import cores

MIB = 2**20


@dataclass(frozen=True)
class Family:
    """A program and all it has started. Its CPU includes that of members that have ended."""

    head: psutil.Process

    @classmethod
    def of(cls, pid: int) -> "Family":
        return cls(psutil.Process(pid))

    def cpu(self) -> float:
        """Seconds, user and system, up to now."""
        used = 0.0
        for member in [self.head, *self.head.children(recursive=True)]:
            try:
                times = member.cpu_times()
            except psutil.NoSuchProcess:
                continue
            used += times.user + times.system
        ended = self.head.cpu_times()
        return used + ended.children_user + ended.children_system

    def largest(self) -> "Memory":
        """Of the children, the one with most memory: a web worker."""
        return max((Memory.of(child) for child in self.head.children(recursive=True)), key=lambda memory: memory.rss)


@dataclass(frozen=True)
class Memory:
    """In MiB. PSS shares the pages that several programs use among them; it is 0 where the system cannot tell."""

    rss: float
    pss: float

    @classmethod
    def of(cls, member: psutil.Process) -> "Memory":
        found = member.memory_full_info()
        return cls(rss=found.rss / MIB, pss=getattr(found, "pss", 0) / MIB)


class Watch:
    """Begun now: how much of the machine is used by programs that are no concern of ours."""

    def __init__(self) -> None:
        self._before = self._look()

    def others(self, ours: float) -> float:
        """As a share of all cores; `ours` are the CPU seconds of the servers, our own children's are known."""
        elapsed, busy, children = (now - before for now, before in zip(self._look(), self._before, strict=True))
        return max(0.0, busy - children - ours) / elapsed / cores()

    def _look(self) -> tuple[float, float, float]:
        """The clock; the CPU seconds of all programs, and of neighbours (steal); those of our ended children."""
        times, own = psutil.cpu_times(), psutil.Process().cpu_times()
        busy = sum(getattr(times, name, 0.0) for name in ("user", "nice", "system", "irq", "softirq", "steal"))
        return time.monotonic(), busy, own.children_user + own.children_system


def find_database(url: str) -> Family | None:
    """The server's own programs, if it runs on this machine and can be seen; otherwise its CPU is not ours to know."""
    with psycopg.connect(url) as connection:
        backend = connection.info.backend_pid
        try:
            head = psutil.Process(backend).parent()
        except psutil.Error:
            return None
    if head is None or head.pid == os.getpid() or "postgres" not in head.name():
        return None
    return Family(head)
