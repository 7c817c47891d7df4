"""One launcher at a time for each OMS_DATA: a lock that the kernel releases, however its holder ends."""

import fcntl
import json
import os
import signal
from collections.abc import Iterator
from contextlib import contextmanager

from config.local.births import birth_of
from config.local.places import Places
from config.local.stopping import wait_until
from config.local.trouble import Trouble


@contextmanager
def take_turn(places: Places, *, doing: str) -> Iterator[None]:
    """Hold the lock inside the block. `doing` is what a second one will read, such as the address."""
    with places.lock.open("a+") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            holder = _read(places)
            raise Trouble(
                f"Already running here: {holder.get('doing', '')} (process {holder.get('pid', '?')}).\n"
                "Stop it with Ctrl-C in its terminal, or with `make down`."
            ) from None
        places.lock.chmod(0o600)
        file.truncate(0)
        file.write(json.dumps({"pid": os.getpid(), "birth": birth_of(os.getpid()), "doing": doing}))
        file.flush()
        yield


def stop_running(places: Places, *, patience: float = 20.0) -> bool:
    """Ask the launcher that has its turn now to stop, and wait until all of it is gone. False: nothing ran."""
    if not is_taken(places):
        return False
    holder = _read(places)
    pid, birth = int(holder.get("pid", 0)), holder.get("birth")
    for number, seconds in ((signal.SIGTERM, patience), (signal.SIGKILL, 5.0)):
        if not is_taken(places):
            break
        if pid and birth_of(pid) == birth:
            os.kill(pid, number)
        wait_until(lambda: not is_taken(places), seconds=seconds)
    wait_until(lambda: birth_of(pid) != birth, seconds=2.0)  # it has let go and only says goodbye
    if is_taken(places):
        raise Trouble(f"The launcher in {places.root} (process {pid}) does not stop.")
    return True


def is_taken(places: Places) -> bool:
    try:
        with places.lock.open() as file:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except FileNotFoundError:
        return False
    except BlockingIOError:
        return True
    return False


def _read(places: Places) -> dict[str, str | int]:
    try:
        known = json.loads(places.lock.read_text())
    except (OSError, ValueError):
        return {}
    return known if isinstance(known, dict) else {}
