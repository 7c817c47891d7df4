"""Other wiring for the length of a test."""

from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager

from config import wiring
from oms import events


@contextmanager
def rewired(
    *,
    together: events.Wiring | None = None,
    afterwards: events.Wiring | None = None,
    at_once: Collection[events.Reaction] = (),
    wake: Callable[[], None] = lambda: None,
) -> Iterator[None]:
    """Only these reactions hear; afterwards the project's own wiring is back."""
    events.connect(together=together or {}, afterwards=afterwards or {}, at_once=at_once, wake=wake)
    try:
        yield
    finally:
        wiring.connect()
