"""Ctrl-C, SIGTERM and a closed terminal: one wish, counted, and noticed wherever something waits."""

import signal
import time
from collections.abc import Callable
from types import FrameType

from config.local.trouble import StopAsked

TICK = 0.1  # seconds


class StopWish:
    """Once: stop in order. Twice: stop now. The handler only counts, so that nothing is cut in half."""

    def __init__(self) -> None:
        self.count = 0
        self.last = 0

    def listen(self) -> None:
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            ignored = signal.getsignal(number) is signal.SIG_IGN
            if not (ignored and number == signal.SIGHUP):  # nohup
                signal.signal(number, self._note)

    def pause(self, seconds: float = TICK) -> None:
        """Sleep, and raise StopAsked as soon as the wish is there."""
        deadline = time.monotonic() + seconds
        while not self.count and (left := deadline - time.monotonic()) > 0:
            time.sleep(min(left, TICK))
        if self.count:
            raise StopAsked

    @property
    def is_urgent(self) -> bool:
        return self.count > 1

    def _note(self, number: int, _frame: FrameType | None) -> None:
        self.count += 1
        self.last = number


def wait_until(done: Callable[[], bool], *, seconds: float) -> None:
    """Whether it was done or time ran out, the caller has to look: it has something else to try."""
    deadline = time.monotonic() + seconds
    while not done() and time.monotonic() < deadline:
        time.sleep(0.02)
