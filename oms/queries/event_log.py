"""The log of events, read from where somebody stopped: nothing is left out, and nothing comes late.

Ids are given out before transactions commit, so whoever remembers the highest id would miss a lower one that is
committed later. The log is read by (turn, id), and only below the horizon: the lowest number of a transaction of this
database that is still running. Whatever is below has been committed or undone for good.

PostgreSQL's own snapshot has such a horizon too, but that one is held up by every database of the server.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from oms.events import Facts
from oms.sql import fetch_all, fetch_one

Place = tuple[int, int]
"""Turn and id of the last event that was read."""

BEGINNING: Place = (-1, 0)
LOOKED_THROUGH = 5_000
"""So many events at most are looked at for one page, however few of them are wanted: every page costs the same."""
_LAST_ID = 2**63 - 1
_MARGIN = 1_000
"""Events that are shown again to who comes from before a restore: then only their ids are in order."""


@dataclass(frozen=True, slots=True)
class LoggedEvent:
    """One event as the log has it."""

    id: int
    turn: int
    type: str
    subject_kind: str
    subject: str
    sequence: int
    by: str
    at: datetime
    facts: Facts

    @property
    def place(self) -> Place:
        return self.turn, self.id


@dataclass(frozen=True, slots=True)
class LogPage:
    """Events in their order; `place` is where to go on, `more` whether something may be there now."""

    events: Sequence[LoggedEvent]
    place: Place
    more: bool


_HORIZON = """
WITH here AS MATERIALIZED (
    SELECT coalesce(  -- we see what we wrote ourselves, and may yet write more of it
        pg_current_xact_id_if_assigned()::text::bigint + 1, pg_snapshot_xmax(pg_current_snapshot())::text::bigint
    ) AS top, pg_stat_clear_snapshot()::text AS as_it_is_now
), running AS (
    SELECT backend_xid AS number FROM pg_stat_activity
    WHERE backend_xid IS NOT NULL AND datname = current_database() AND pid <> pg_backend_pid()
    UNION ALL SELECT transaction FROM pg_prepared_xacts WHERE database = current_database()
)
SELECT least(top, (
    SELECT min(top - behind) FROM (
        SELECT (top - number::text::bigint) & 4294967295 AS behind FROM running  -- they are told without their epoch
    ) AS each WHERE behind < 2147483648
))
FROM here
"""


def find_horizon() -> int:
    """Every event with a lower turn is committed, or never will be. Read by a statement of its own after this one."""
    (horizon,) = fetch_one(_HORIZON, [])
    return horizon


_BOUND = """
SELECT turn, id FROM oms_eventrecord WHERE (turn, id) > (%(turn)s, %(id)s) AND turn < %(horizon)s
ORDER BY turn, id OFFSET %(looked)s LIMIT 1
"""
COLUMNS = "id, turn, type, subject_kind, subject, sequence, by, at, facts::json"
_PAGE = f"""
SELECT {COLUMNS} FROM oms_eventrecord
WHERE (turn, id) > (%(turn)s, %(id)s) AND (turn, id) <= (%(last_turn)s, %(last_id)s) AND type = ANY(%(types)s::text[])
ORDER BY turn, id LIMIT %(limit)s
"""  # noqa: S608 - names of our own columns, no input


def read_log(after: Place, *, types: Sequence[str], limit: int) -> LogPage:
    """The next events of these types. There may be fewer than `limit`, or none, and `more` behind them all the same.

    A place beyond the horizon is one of another cluster, from before a restore (`oms/actions/settling_log.py`).
    """
    horizon = find_horizon()
    turn, id_ = after if after[0] < horizon else (0, max(0, after[1] - _MARGIN))
    bound = fetch_all(_BOUND, {"turn": turn, "id": id_, "horizon": horizon, "looked": LOOKED_THROUGH - 1})
    last = bound[0] if bound else (horizon - 1, _LAST_ID)
    asked: dict[str, Any] = {"turn": turn, "id": id_, "last_turn": last[0], "last_id": last[1]}
    rows = fetch_all(_PAGE, asked | {"types": list(types), "limit": limit + 1})
    events = [LoggedEvent(*row) for row in rows[:limit]]
    if len(rows) > limit:
        return LogPage(events, events[-1].place, more=True)
    if bound:
        return LogPage(events, last, more=True)
    return LogPage(events, events[-1].place if events else after, more=False)


def find_end() -> Place:
    """The place behind which everything lies that is announced from now on, and what is being written just now."""
    horizon = find_horizon()
    (newest,) = fetch_one("SELECT coalesce(max(id), 0) FROM oms_eventrecord", [])
    return horizon - 1, newest


def log_is_foreign() -> bool:
    """True when an event bears a number that no transaction of this cluster has had yet."""
    (newest,) = fetch_one("SELECT coalesce(max(turn), 0) FROM oms_eventrecord", [])
    (next_one,) = fetch_one("SELECT pg_snapshot_xmax(pg_current_snapshot())::text::bigint", [])
    return newest >= next_one and newest != _own_number()


def _own_number() -> int | None:
    (number,) = fetch_one("SELECT pg_current_xact_id_if_assigned()::text::bigint", [])
    return number
