"""Calling workers: a message says only which task is to look now, so of many calls in a moment one is enough.

The database says what is to be done. A call that is lost, with the broker or with this process, is made up for by the
task's own schedule.
"""

import logging
import os
import threading
import time
from collections.abc import Callable

from celery import current_app
from django.conf import settings

log = logging.getLogger(__name__)

PAUSE = 0.05
"""Seconds between two rounds of calls. An edit makes two calls; sent each for itself they took a tenth of its time."""


class Bell:
    """Rings from a thread of its own, so that nobody who answers a customer waits for the broker."""

    def __init__(self, send: Callable[[str], None]) -> None:
        self._send = send
        self._wanted: set[str] = set()
        self._lock = threading.Lock()
        self._rung = threading.Event()
        self._ringer = (0, threading.Thread())  # a forked process has the object, and not the thread

    def ring(self, task: str) -> None:
        """Have the task of this name look. Without a broker nobody would fetch the message: then nothing is done."""
        if not settings.CELERY_BROKER_URL:
            return
        with self._lock:
            self._wanted.add(task)
            process, ringer = self._ringer
            if process != os.getpid() or not ringer.is_alive():
                self._ringer = os.getpid(), threading.Thread(target=self._run, name="bell", daemon=True)
                self._ringer[1].start()
        self._rung.set()

    def _run(self) -> None:
        while self._rung.wait():
            self._rung.clear()
            with self._lock:
                wanted, self._wanted = self._wanted, set()
            for task in sorted(wanted):
                self._send(task)
            time.sleep(PAUSE)


def call_worker(task: str) -> None:
    """Have some worker run the task now, if the broker can be reached."""
    try:
        current_app.send_task(task, expires=60, retry=False)
    except Exception:  # whatever is wrong with the broker, the schedule makes up for it
        log.warning("No worker could be called for %s; it looks by itself.", task, exc_info=True)


bell = Bell(call_worker)
