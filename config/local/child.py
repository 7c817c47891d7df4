"""One running program: started so that it cannot outlive us unseen, stopped so that nothing of it stays."""

import contextlib
import ctypes
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

from config.local.accounts import as_account
from config.local.births import birth_of, left_behind
from config.local.parts import Part
from config.local.places import Places
from config.local.stopping import wait_until

PR_SET_PDEATHSIG = 1  # <linux/prctl.h>
LIBC = ctypes.CDLL(None) if sys.platform == "linux" else None


class Child:
    def __init__(self, part: Part, places: Places) -> None:
        self.part = part
        self.places = places
        self.log = places.logs / f"{part.name}.log"
        self.started_at = 0.0
        self._running: subprocess.Popen[bytes] | None = None
        self._log_start = 0

    @property
    def pid(self) -> int:
        return self._running.pid if self._running else 0

    @property
    def outcome(self) -> int | None:
        """Minus the signal or the exit code, as in subprocess; None while it lives."""
        return self._running.poll() if self._running else None

    @property
    def lives(self) -> bool:
        return self._running is not None and self._running.poll() is None

    def start(self) -> None:
        """Its output goes straight to the log file: no pipe can hang, and none breaks when the launcher dies."""
        self.part.before_start()
        with self.log.open("ab") as log:
            self._log_start = log.tell()
            self._running = subprocess.Popen(
                self.part.command,
                cwd=self.part.folder,
                env=self.part.environment,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,  # Ctrl-C reaches only the launcher, which stops its children in order
                preexec_fn=die_with_parent(self.part.stop_with),  # noqa: PLW1509 - no threads here
                **as_account(self.part.account),
            )
        self.started_at = time.monotonic()
        self._write_pid()

    def answers(self) -> bool:
        if not self.lives:
            return False
        if self.part.answers:
            return self.part.answers()
        with self.log.open("rb") as log:
            log.seek(self._log_start)
            return self.part.ready_line.encode() in log.read(200_000)

    def ask_to_stop(self) -> None:
        if self._running and self.lives:
            self._running.send_signal(self.part.stop_with)

    def force(self) -> None:
        if self._running and self.lives:
            self._running.send_signal(self.part.force_with)

    def sweep(self) -> None:
        """After its death: what it had started itself (web workers, beat) goes too, and the pid file."""
        if self._running:
            kill_group(self.pid)
            with contextlib.suppress(subprocess.TimeoutExpired):
                self._running.wait(5)
            pid_file(self.places, self.part.name).unlink(missing_ok=True)

    def _write_pid(self) -> None:
        known = {"root": str(self.places.root), "pid": self.pid, "birth": birth_of(self.pid)}
        known |= {"stop_with": int(self.part.stop_with), "grace": self.part.grace}
        pid_file(self.places, self.part.name).write_text(json.dumps(known))


def die_with_parent(number: signal.Signals) -> Callable[[], None] | None:
    """On Linux the kernel sends this signal when the launcher dies, however it dies.

    Runs between fork and exec, after the change of user (which would clear the request); the launcher has no
    threads, so that is safe. Elsewhere the next start finds the orphans by their pid files.
    """
    if LIBC is None:
        return None
    libc, parent = LIBC, os.getpid()

    def request() -> None:
        libc.prctl(PR_SET_PDEATHSIG, int(number))
        if os.getppid() != parent:  # it died before the request
            os._exit(1)

    return request


def pid_file(places: Places, name: str) -> Path:
    return places.pids / f"{name}.json"


def stop_orphans(places: Places, order: list[str]) -> list[str]:
    """Stop what an earlier launcher left running when it was killed; the names of those that were still there."""
    found = []
    for name in order:
        path = pid_file(places, name)
        if _stop_orphan(path, places):
            found.append(name)
        path.unlink(missing_ok=True)
    return found


def kill_group(leader: int) -> None:
    with contextlib.suppress(ProcessLookupError, PermissionError):  # nobody left; macOS says so about zombies
        os.killpg(leader, signal.SIGKILL)


def _stop_orphan(path: Path, places: Places) -> bool:
    try:
        known = json.loads(path.read_text())
        pid, birth = int(known["pid"]), str(known["birth"])
    except (OSError, ValueError, KeyError, TypeError):
        return False
    if known.get("root") != str(places.root):  # a copied folder: these belong to the original
        return False

    if birth_of(pid) == birth:
        os.kill(pid, int(known["stop_with"]))
        wait_until(lambda: birth_of(pid) != birth, seconds=float(known["grace"]) + 4)
    elif not left_behind(pid, birth):
        return False
    kill_group(pid)
    wait_until(lambda: birth_of(pid) != birth and not left_behind(pid, birth), seconds=5)
    return True
