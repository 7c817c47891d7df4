"""Orders as the log of events has them: read from where somebody stopped."""

from dataclasses import dataclass

from oms.queries.event_log import Place, find_horizon
from oms.sql import fetch_all, fetch_one

_PLACED = """
SELECT turn, id, subject, type = 'order.placed' FROM oms_eventrecord
WHERE (turn, id) > (%(turn)s, %(event)s) AND turn < %(horizon)s
ORDER BY turn, id LIMIT %(limit)s
"""
_NEWEST = "SELECT coalesce(max(id), 0) FROM oms_eventrecord"


@dataclass(frozen=True, slots=True)
class Read:
    """The orders that were placed, by number, and how far the log was looked through. `full`: there may be more."""

    numbers: list[str]
    place: Place
    full: bool


def read_end() -> Place:
    """Everything up to here is committed, or never will be; of our own transaction, what it has written so far."""
    horizon = find_horizon()
    (newest,) = fetch_one(_NEWEST, {})
    return horizon - 1, newest


def read_placed(place: Place, *, limit: int) -> Read:
    """What follows that place, so many events of any kind at most."""
    turn, event = place
    log = fetch_all(_PLACED, {"turn": turn, "event": event, "horizon": find_horizon(), "limit": limit})
    numbers = [number for _, _, number, placed in log if placed]
    end = (log[-1][0], log[-1][1]) if log else place
    return Read(numbers, end, len(log) == limit)
