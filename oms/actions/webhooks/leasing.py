"""Taking messages to send so that nobody else takes them too, and each subject's in their order."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from oms.models import WebhookDelivery
from oms.sql import fetch_all

LEASE = timedelta(seconds=90)
"""Longer than any attempt may take; what a sender that died had in hand is sent again after it."""


@dataclass(frozen=True, slots=True)
class Lane:
    """Who is well and who keeps us waiting do not stand in the same queue. `each`: messages underway to one address."""

    slow: bool
    threads: int
    each: int


FAST = Lane(slow=False, threads=32, each=12)
SLOW = Lane(slow=True, threads=8, each=1)

_LEASE = """
WITH free AS (
    SELECT e.id, %(each)s::int - (
        SELECT count(*) FROM oms_webhookdelivery u
        WHERE u.endpoint_id = e.id AND u.leased_until IS NOT NULL AND u.leased_until >= %(at)s
    ) AS room
    FROM oms_webhookendpoint e
    WHERE e.active AND (e.resting_until IS NULL OR e.resting_until <= %(at)s)
      AND (e.failing_since IS NOT NULL OR e.slow) = %(slow)s
), due AS (
    SELECT d.id FROM free CROSS JOIN LATERAL (
        SELECT d.id, d.run_after FROM oms_webhookdelivery d
        WHERE d.endpoint_id = free.id AND d.state = 'WAITING' AND d.run_after <= %(at)s
          AND (d.leased_until IS NULL OR d.leased_until < %(at)s)
          AND NOT EXISTS (
              SELECT FROM oms_webhookdelivery b
              WHERE b.state = 'WAITING' AND b.endpoint_id = d.endpoint_id
                AND b.subject_kind = d.subject_kind AND b.subject = d.subject AND b.sequence < d.sequence
          )
        ORDER BY d.run_after, d.id LIMIT greatest(free.room, 0) FOR NO KEY UPDATE SKIP LOCKED
    ) AS d
    ORDER BY d.run_after, d.id LIMIT %(limit)s
)
UPDATE oms_webhookdelivery d SET lease = lease + 1, attempts = attempts + 1, leased_until = %(until)s
FROM due WHERE d.id = due.id RETURNING d.id
"""


def lease_webhooks(lane: Lane, *, at: datetime, limit: int) -> list[WebhookDelivery]:
    """Due messages, the longest due first. One whose subject has an earlier one on its way is not due yet."""
    asked = {"each": lane.each, "slow": lane.slow, "at": at, "until": at + LEASE, "limit": limit}
    leased = [pk for (pk,) in fetch_all(_LEASE, asked)]
    if not leased:
        return []
    rows = WebhookDelivery.objects.filter(id__in=leased).select_related("endpoint", "event")
    return list(rows.order_by("run_after", "id"))
