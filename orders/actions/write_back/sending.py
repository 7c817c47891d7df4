"""Sending what is queued for other systems: leased, told outside of any transaction, recorded by a second one.

A worker that dies in between leaves its lease behind; whoever comes next asks the other side what was done. Of one
target so many messages are under way at once as it bears, and each target has lanes of its own: one that hangs holds up
nobody else.
"""

import logging
import time
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from itertools import chain, zip_longest
from queue import Empty, SimpleQueue
from typing import Any

from django.db import connection

from orders.actions.write_back.leasing import lease_due, lease_next, return_leases
from orders.actions.write_back.recording import record_answers, record_told
from orders.actions.write_back.telling import Letter, Told, send_letter, tell_target, write_letters
from orders.channels.outgoing.calling import keep_connections
from orders.channels.outgoing.port import ChannelRefused
from orders.channels.outgoing.registry import bears_at_once
from orders.models import WriteBack

log = logging.getLogger(__name__)

Clock = Callable[[], datetime]
Answers = SimpleQueue[tuple[WriteBack, Told] | None]
"""None: one lane is through."""

AT_ONCE = 256
"""Messages of one round."""
ROUND = 10.0
"""Seconds; what was not begun by then is given back: one who is slow keeps nobody waiting for the next round."""
LANES = 32
"""Conversations at the same time, with all targets together."""
MOMENT = 0.05
"""Seconds: a transaction for each answer would cost more than the answer."""


class _Pile:
    """What is to be sent to one target. Once it rests, or the round is over, what is left is not tried."""

    def __init__(self, letters: Sequence[Letter]) -> None:
        self.letters = deque(letters)
        self.rests, self.until = False, time.monotonic() + ROUND
        self.lanes = min(len(letters), bears_at_once(letters[0].message.target.kind))

    def take(self) -> Letter | None:
        try:
            return None if self.rests or time.monotonic() > self.until else self.letters.popleft()
        except IndexError:
            return None


def send_next_write_back(*, at: datetime) -> bool:
    """Send the message that has waited longest; False when none is due. Must run outside of a transaction."""
    message = lease_next(at=at)
    if message is None:
        return False
    told = tell_target(message, keep=lambda noted: _keep(message, noted), at=at)
    record_told(message, told, at=at)
    return True


def send_due_write_backs(*, clock: Clock) -> int:
    """Send what is due, several at once; how many were looked at. Must run outside of a transaction."""
    batch = lease_due(at=clock(), limit=AT_ONCE)
    if not batch:
        return 0
    piles = _pile_up(write_letters(batch))
    lanes = [pile for pile in chain.from_iterable(zip_longest(*([pile] * pile.lanes for pile in piles))) if pile]
    answers: Answers = SimpleQueue()
    with ThreadPoolExecutor(max_workers=min(LANES, len(lanes))) as pool:
        for pile in lanes:
            pool.submit(_work, pile, answers, clock)
        _record_as_they_come(answers, len(lanes), clock)
    return_leases([letter.message for pile in piles for letter in pile.letters])
    return len(batch)


def _pile_up(letters: Sequence[Letter]) -> list[_Pile]:
    targets: dict[int, list[Letter]] = {}
    for letter in letters:
        targets.setdefault(letter.message.target_id, []).append(letter)
    return [_Pile(waiting) for waiting in targets.values()]


def _work(pile: _Pile, answers: Answers, clock: Clock) -> None:
    """One lane: one message after the other, until there is none or the target is to rest."""
    try:
        with keep_connections():
            while letter := pile.take():
                told = _send(letter, at=clock())
                pile.rests |= told.trouble is not None and not isinstance(told.trouble, ChannelRefused)
                answers.put((letter.message, told))
    finally:
        connection.close()  # this thread's own
        answers.put(None)


def _send(letter: Letter, *, at: datetime) -> Told:
    """What cannot even be written is for a person to look at, and must not stop the others."""
    try:
        return send_letter(letter, keep=lambda noted: _keep(letter.message, noted), at=at)
    except Exception as error:
        log.exception("Message %s could not be written", letter.message.pk)
        return Told(WriteBack.State.FAILED, ChannelRefused(f"It could not be written ({type(error).__name__})."))


def _record_as_they_come(answers: Answers, lanes: int, clock: Clock) -> None:
    """What comes in within a moment is written down together."""
    while lanes:
        come = [answers.get()]
        until = time.monotonic() + MOMENT
        while come.count(None) < lanes and (left := until - time.monotonic()) > 0:
            try:
                come.append(answers.get(timeout=left))
            except Empty:
                break
        lanes -= come.count(None)
        if answered := [each for each in come if each is not None]:
            record_answers(answered, at=clock())


def _keep(message: WriteBack, noted: Mapping[str, Any]) -> None:
    message.progress = {**message.progress, **noted}
    WriteBack.objects.filter(id=message.pk, lease=message.lease).update(progress=message.progress)
