"""Telling processes apart: a number is given out again, a number together with its birth is not."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

PS = "/bin/ps"  # part of macOS and the BSDs; small Linux images have none, but they have /proc


class LinuxStat(NamedTuple):
    state: str
    group: int
    session: int
    started: str


def birth_of(pid: int) -> str | None:
    """A text no other process with this number will ever have; None once the process is gone or a zombie."""
    if sys.platform != "linux":
        return _birth_by_ps(pid)
    stat = _read_stat(pid)
    return f"{_boot()}/{stat.started}" if stat and stat.state not in "ZX" else None


def command_of(pid: int) -> str:
    """The command line as one text, empty when the process is gone."""
    if sys.platform != "linux":
        return _ask_ps(pid, "args=")
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace").strip()
    except OSError:
        return ""


def left_behind(leader: int, birth: str) -> list[int]:
    """Living members of the session that this leader opened and did not take along when it died.

    A number in use as a session is not given to a new process, so these can only be the leader's own.
    Without /proc nobody can tell, and the answer is none.
    """
    if sys.platform != "linux" or not birth.startswith(f"{_boot()}/"):
        return []
    return [
        pid
        for pid in _all_pids()
        if (stat := _read_stat(pid)) and stat.session == leader and stat.group == leader and stat.state not in "ZX"
    ]


def _all_pids() -> Iterator[int]:
    return (int(entry.name) for entry in os.scandir("/proc") if entry.name.isdigit())


def _read_stat(pid: int) -> LinuxStat | None:
    try:
        text = Path(f"/proc/{pid}/stat").read_text(errors="replace")
    except OSError:
        return None
    fields = text.rpartition(")")[2].split()  # the name before it may hold blanks and brackets
    return LinuxStat(fields[0], int(fields[2]), int(fields[3]), fields[19])


def _boot() -> str:
    try:
        return Path("/proc/sys/kernel/random/boot_id").read_text().strip()
    except OSError:
        return "unknown-boot"


def _birth_by_ps(pid: int) -> str | None:
    state, _, started = _ask_ps(pid, "stat=,lstart=").partition(" ")
    return started.strip() if state and not state.startswith("Z") else None


def _ask_ps(pid: int, columns: str) -> str:
    answer = subprocess.run(
        [PS, "-o", columns, "-p", str(pid)],
        capture_output=True,
        text=True,
        check=False,
        env={"LC_ALL": "C", "TZ": "UTC"},
    )
    return answer.stdout.strip()
