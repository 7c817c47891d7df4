"""How far behind the channels are with stock: measured, by channel."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from oms.sql import fetch_all

LOOKED_AT = timedelta(days=1)

_LAGS = """
SELECT channel_id, count(*) FILTER (WHERE told_at >= %(since)s),
       percentile_cont(0.5) WITHIN GROUP (ORDER BY lag_seconds) FILTER (WHERE told_at >= %(since)s),
       percentile_cont(0.95) WITHIN GROUP (ORDER BY lag_seconds) FILTER (WHERE told_at >= %(since)s),
       count(*) FILTER (WHERE due_at <= %(at)s AND NOT refused), count(*) FILTER (WHERE refused)
FROM inventory_channelstock GROUP BY channel_id
"""


@dataclass(frozen=True, slots=True)
class Lag:
    """Of one channel: SKUs told in a day, seconds from a change until the channel had it, what waits, what cannot."""

    told: int
    p50: float | None
    p95: float | None
    due: int
    refused: int


def read_lags(at: datetime) -> Mapping[int, Lag]:
    """By the channel's id; of each SKU its newest telling counts."""
    rows = fetch_all(_LAGS, {"at": at, "since": at - LOOKED_AT})
    return {channel: Lag(*figures) for channel, *figures in rows}
