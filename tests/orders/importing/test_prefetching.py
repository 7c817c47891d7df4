"""Reading ahead changes nothing but the time it takes."""

import threading
import time
from collections.abc import Iterator
from contextlib import closing

import pytest

from orders.actions.intake.prefetching import AHEAD, AT_ONCE, read_ahead


def readers() -> list[threading.Thread]:
    return [thread for thread in threading.enumerate() if thread.name == "read-ahead"]


def numbers(until: int, *, then: BaseException | None = None) -> Iterator[int]:
    yield from range(until)
    if then:
        raise then


@pytest.mark.parametrize("count", [0, 1, AT_ONCE - 1, AT_ONCE, AT_ONCE + 1, 5 * AT_ONCE * AHEAD])
def test_the_same_items_come_in_the_same_order(count):
    assert list(read_ahead(numbers(count))) == list(range(count))
    assert not readers()


@pytest.mark.parametrize("count", [0, 1, AT_ONCE, AT_ONCE + 1])
def test_what_was_raised_comes_after_the_items_before_it(count):
    read = []
    with pytest.raises(ValueError, match="broken"):
        read.extend(number for number in read_ahead(numbers(count, then=ValueError("broken"))))
    assert read == list(range(count))
    assert not readers()


def test_who_stops_listening_stops_the_reading():
    read: list[int] = []

    def endless() -> Iterator[int]:
        while True:
            read.append(1)
            yield 1

    with closing(read_ahead(endless())) as items:
        next(items)
    assert not readers()
    stopped_at = len(read)
    time.sleep(0.05)
    assert len(read) == stopped_at <= (AHEAD + 3) * AT_ONCE
