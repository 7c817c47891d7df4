"""The figures of returns on the dashboard: three statements, kept for some minutes by whoever asks."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal

from django.utils import timezone

from oms.sql import fetch_all, fetch_one
from returns.choices import Resolution

DAYS = 30
RATE_DAYS = 90
"""Of units sent so long ago at least, all that comes back has been asked for: what was sent later is not counted."""
MATURE_DAYS = 30
RETAINING = (Resolution.STORE_CREDIT, Resolution.EXCHANGE, Resolution.REPLACEMENT)


@dataclass(frozen=True, slots=True)
class Day:
    """Items asked for on one day, by wish: refund, store credit, exchange, replacement."""

    day: date
    wished: tuple[int, ...]

    @property
    def total(self) -> int:
        return sum(self.wished)


@dataclass(frozen=True, slots=True)
class Figures:
    """`days` end today. Of `settled` settlements `retained` left the money in the house; of `asked` returns
    `untouched` were decided on by rules. `sent` and `returned` are units of orders that have had their time."""

    days: tuple[Day, ...]
    settled: int
    retained: int
    asked: int
    untouched: int
    sent: Decimal
    returned: Decimal

    @property
    def retained_percent(self) -> int:
        return round(100 * self.retained / self.settled) if self.settled else 0

    @property
    def untouched_percent(self) -> int:
        return round(100 * self.untouched / self.asked) if self.asked else 0

    @property
    def rate_percent(self) -> Decimal | None:
        """Units sent back of a hundred sent, None while nothing has had its time."""
        return (100 * self.returned / self.sent).quantize(Decimal("0.1")) if self.sent else None


def read_figures(at: datetime) -> Figures:
    local = timezone.localtime(at)
    first = (local - timedelta(days=DAYS - 1)).replace(hour=0, minute=0, second=0, microsecond=0)
    asked = {"since": first, "zone": timezone.get_current_timezone_name(), "at": at}
    wished = {(day, wish): number for day, wish, number in fetch_all(_A_DAY, asked)}
    days = tuple(
        Day(day, tuple(wished.get((day, wish.value), 0) for wish in Resolution))
        for day in (first.date() + timedelta(days=place) for place in range(DAYS))
    )
    retaining = {"since": first, "retaining": [wish.value for wish in RETAINING]}
    settled, retained, asked_for, untouched = fetch_one(_SHARES, retaining)
    end = at - timedelta(days=MATURE_DAYS)
    sent, returned = fetch_one(_RATE, {"start": end - timedelta(days=RATE_DAYS), "end": end})
    return Figures(days, settled, retained, asked_for, untouched, sent, returned)


_A_DAY = """
SELECT (r.requested_at AT TIME ZONE %(zone)s::text)::date, i.resolution, count(*)
FROM returns_return r JOIN returns_returnitem i ON i.of_id = r.id
WHERE r.requested_at >= %(since)s::timestamptz AND r.requested_at <= %(at)s::timestamptz
  AND i.split_from_id IS NULL AND i.line_id IS NOT NULL
GROUP BY 1, 2
"""
_SHARES = """
SELECT
    (SELECT count(*) FROM returns_settlement WHERE at >= %(since)s::timestamptz),
    (SELECT count(*) FROM returns_settlement
     WHERE at >= %(since)s::timestamptz AND remedy = ANY(%(retaining)s::text[])),
    (SELECT count(*) FROM returns_return WHERE requested_at >= %(since)s::timestamptz),
    (SELECT count(*) FROM returns_return
     WHERE requested_at >= %(since)s::timestamptz AND decided_at IS NOT NULL AND decision->>'by' = 'rules')
"""
_RATE = """
SELECT coalesce(sum(l.fulfilled_quantity), 0), coalesce(sum(l.returned_quantity), 0)
FROM orders_order o JOIN orders_orderline l ON l.order_id = o.id AND l.fulfilled_quantity > 0
WHERE o.placed_at >= %(start)s::timestamptz AND o.placed_at < %(end)s::timestamptz AND NOT o.test
"""
