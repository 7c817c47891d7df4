"""How long other systems take until they have acknowledged what happened here: measured, not promised."""

from dataclasses import dataclass
from datetime import timedelta

from oms.sql import fetch_all

LATEST = 500
"""Messages of each system that are looked at."""


@dataclass(frozen=True, slots=True)
class Lag:
    """From what happened to its acknowledgement: half of the latest messages took no longer than `median`, 95 of 100 no
    longer than `slow`.
    """

    messages: int
    median: timedelta
    slow: timedelta


def read_lags() -> dict[int, Lag]:
    """By target, in one statement; a target that never acknowledged anything is not there."""
    rows = fetch_all(_READ, [LATEST])
    return {
        target: Lag(count, timedelta(seconds=median), timedelta(seconds=slow)) for target, count, median, slow in rows
    }


_READ = """
SELECT t.id, count(*),
       percentile_cont(0.5) WITHIN GROUP (ORDER BY latest.seconds),
       percentile_cont(0.95) WITHIN GROUP (ORDER BY latest.seconds)
FROM orders_writebacktarget t
CROSS JOIN LATERAL (
    SELECT extract(epoch FROM w.acknowledged_at - w.made_at)::float8 AS seconds FROM orders_writeback w
    WHERE w.target_id = t.id AND w.state = 'ACKNOWLEDGED' ORDER BY w.acknowledged_at DESC LIMIT %s
) AS latest
GROUP BY t.id
"""
