"""Taking messages to be sent, so that nobody else takes them too."""

from datetime import datetime, timedelta

from django.db import transaction

from oms.sql import fetch_all
from orders.models import WriteBack

LEASE = timedelta(minutes=15)
"""Longer than the longest conversation about one order."""
EACH = 128
"""So many of one target at most are taken at a time, whatever else waits for it."""

# Looked for target by target, so that what waits for a target that rests is not even read. Of one order and target only
# the first that is underway is due.
_LEASE = """
WITH chosen AS MATERIALIZED (
    SELECT due.id FROM orders_writebacktarget t
    CROSS JOIN LATERAL (
        SELECT m.id, m.run_after FROM orders_writeback m
        WHERE m.target_id = t.id AND m.state IN ('WAITING', 'SENT') AND m.run_after <= %(at)s
          AND (m.leased_until IS NULL OR m.leased_until < %(at)s)
          AND NOT EXISTS (
              SELECT FROM orders_writeback b
              WHERE b.order_id = m.order_id AND b.target_id = m.target_id AND b.sequence < m.sequence
                AND b.state IN ('WAITING', 'SENT')
          )
        ORDER BY m.run_after, m.id LIMIT %(each)s FOR NO KEY UPDATE SKIP LOCKED
    ) AS due
    WHERE t.active AND (t.paused_until IS NULL OR t.paused_until <= %(at)s)
    ORDER BY due.run_after, due.id LIMIT %(limit)s
)
UPDATE orders_writeback w
SET lease = w.lease + 1, attempts = w.attempts + 1, leased_until = %(until)s
FROM chosen WHERE w.id = chosen.id RETURNING w.id
"""


@transaction.atomic
def lease_due(*, at: datetime, limit: int, each: int = EACH) -> list[WriteBack]:
    """Those that have waited longest, at most `each` of one target."""
    asked = {"at": at, "until": at + LEASE, "limit": limit, "each": each}
    ids = [key for (key,) in fetch_all(_LEASE, asked)]
    rows = WriteBack.objects.filter(id__in=ids).select_related("order", "target")
    return list(rows.order_by("run_after", "id"))


def lease_next(*, at: datetime) -> WriteBack | None:
    """The one that has waited longest."""
    return next(iter(lease_due(at=at, limit=1, each=1)), None)


def return_leases(messages: list[WriteBack]) -> None:
    """They were not tried: somebody else may."""
    ids, leases = [message.pk for message in messages], [message.lease for message in messages]
    fetch_all(_RETURN, {"ids": ids, "leases": leases})


_RETURN = """
UPDATE orders_writeback w SET attempts = w.attempts - 1, leased_until = NULL
FROM unnest(%(ids)s::bigint[], %(leases)s::int[]) AS r(id, lease)
WHERE w.id = r.id AND w.lease = r.lease AND w.state IN ('WAITING', 'SENT')
"""
