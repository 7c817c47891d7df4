"""Small programs to supervise, and ways to wait for what other processes do."""

import sys
import time
from collections.abc import Callable

from config.local.parts import Part
from config.local.supervisor import Supervisor

WAITS = "import time; print('ready', flush=True); time.sleep(60)"
IGNORES_SIGTERM = "import signal; signal.signal(15, signal.SIG_IGN); " + WAITS
SIGNS_OFF = """
import signal, time
def sign_off(*_):
    open('{book}', "a").write('{name}' + "\\n")
    raise SystemExit
signal.signal(signal.SIGTERM, sign_off)
signal.signal(signal.SIGINT, sign_off)
print("ready", flush=True)
time.sleep(60)
"""
DIES = "raise SystemExit('no such table')"


def trial_part(name: str = "trial", script: str = WAITS, **more: object) -> Part:
    return Part(name=name, command=[sys.executable, "-c", script], ready_line="ready", **more)  # type: ignore[arg-type]


def soon(condition: Callable[[], object], *, seconds: float = 15.0) -> bool:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if condition():
            return True
        time.sleep(0.05)
    return False


def comes_back(supervisor: Supervisor, name: str, *, old_pid: int) -> bool:
    """Let the supervisor do its rounds until the part runs under a new number and answers."""
    watched = supervisor.parts[name]

    def is_back() -> bool:
        supervisor.look()
        return watched.has_answered and watched.child.pid != old_pid

    return soon(is_back)
