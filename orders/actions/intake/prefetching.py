"""Reading ahead in a thread: while the database writes one batch, the next is read."""

from collections.abc import Generator, Iterable, Iterator
from contextlib import suppress
from queue import Full, Queue
from threading import Event, Thread
from typing import TypeVar

Item = TypeVar("Item")

AT_ONCE = 50
AHEAD = 8
"""Up to so many chunks of so many items wait in memory."""

_PATIENCE = 0.1
"""Seconds after which the thread looks whether anybody still wants what it reads."""


def read_ahead(items: Iterable[Item]) -> Generator[Item, None, None]:
    """The same items in the same order; whatever reading them raises is raised here, after those before it."""
    chunks: Queue[list[Item] | BaseException] = Queue(maxsize=AHEAD)
    unwanted = Event()
    thread = Thread(target=_read, args=(iter(items), chunks, unwanted), name="read-ahead", daemon=True)
    thread.start()
    try:
        while chunk := chunks.get():
            if isinstance(chunk, BaseException):
                raise chunk
            yield from chunk
    finally:
        unwanted.set()
        thread.join()


def _read(items: Iterator[Item], chunks: "Queue[list[Item] | BaseException]", unwanted: Event) -> None:
    """Ends with an empty chunk, or with what was raised."""
    chunk: list[Item] = []
    try:
        for item in items:
            chunk.append(item)
            if len(chunk) == AT_ONCE:
                _put(chunk, chunks, unwanted)
                chunk = []
            if unwanted.is_set():
                return
    except BaseException as error:
        if chunk:
            _put(chunk, chunks, unwanted)
        _put(error, chunks, unwanted)
        return
    if chunk:
        _put(chunk, chunks, unwanted)
    _put([], chunks, unwanted)


def _put(chunk: list[Item] | BaseException, chunks: "Queue[list[Item] | BaseException]", unwanted: Event) -> None:
    while not unwanted.is_set():
        with suppress(Full):
            chunks.put(chunk, timeout=_PATIENCE)
            return
