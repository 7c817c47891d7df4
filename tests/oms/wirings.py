"""Other wiring for the length of a test."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from config import wiring
from oms import events


@contextmanager
def rewired(
    *,
    together: events.Wiring | None = None,
    afterwards: events.Wiring | None = None,
    wake: Callable[[], None] = lambda: None,
) -> Iterator[None]:
    """Only these reactions hear; afterwards the project's own wiring is back."""
    events.connect(together=together or {}, afterwards=afterwards or {}, wake=wake)
    try:
        yield
    finally:
        wiring.connect()
