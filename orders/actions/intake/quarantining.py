"""Messages that could not be taken: kept whole, tried again, or dismissed."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db.models import F

from oms import events
from oms.models import Channel
from oms.sql import fetch_all
from oms.transactions import transactional
from orders.events import MessageQuarantined
from orders.models import QuarantinedMessage

State = QuarantinedMessage.State


@dataclass(frozen=True, slots=True, kw_only=True)
class Reject:
    """A message that could not be taken, byte for byte, and why."""

    body: bytes
    format: str
    reason: str
    detail: str
    topic: str = ""
    source: str = ""
    external_id: str = ""
    facts: Mapping[str, Any] = field(default_factory=dict)

    @property
    def digest(self) -> str:
        """What tells one message from another: the same bytes are the same message."""
        return hashlib.sha256(self.body).hexdigest()


_KEEP = """
WITH reject AS (
    SELECT * FROM unnest(
        %(digests)s::text[], %(bodies)s::bytea[], %(formats)s::text[], %(topics)s::text[], %(sources)s::text[],
        %(external_ids)s::text[], %(reasons)s::text[], %(details)s::text[], %(facts)s::text[]
    ) AS r(digest, body, format, topic, source, external_id, reason, detail, facts)
)
INSERT INTO orders_quarantinedmessage
    (channel_id, digest, body, format, topic, source, external_id, reason, detail, facts, received_at, last_tried_at)
SELECT %(channel)s, digest, body, format, topic, source, external_id, reason, detail, facts::jsonb, %(at)s, %(at)s
FROM reject
ON CONFLICT (channel_id, digest) WHERE state = 'OPEN'
DO UPDATE SET seen = orders_quarantinedmessage.seen + 1, last_tried_at = EXCLUDED.last_tried_at,
              reason = EXCLUDED.reason, detail = EXCLUDED.detail, facts = EXCLUDED.facts
RETURNING id, seen, reason, source, external_id
"""


@transactional
def quarantine_messages(rejects: Sequence[Reject], *, channel: Channel, by: str, at: datetime) -> int:
    """Keep the messages; the same bytes again count up a row that is open. How many rows are new."""
    once = list({reject.digest: reject for reject in rejects}.values())
    if not once:
        return 0
    Channel.objects.select_for_update(no_key=True).get(id=channel.pk)  # its events come in one row
    rows = fetch_all(_KEEP, _columns(once) | {"channel": channel.pk, "at": at})
    new = [
        {"message": row_id, "reason": reason, "source": source, "external_id": external_id}
        for row_id, seen, reason, source, external_id in rows
        if seen == 1
    ]
    events.publish([MessageQuarantined(subject=channel.code, by=by, at=at, facts=facts) for facts in new])
    return len(new)


@transactional
def dismiss_messages(*, ids: Sequence[int], note: str, by: str, at: datetime) -> int:
    """Put messages aside for good; how many were open."""
    return (
        QuarantinedMessage.objects.open()
        .filter(id__in=ids)
        .update(state=State.DISMISSED, settled_at=at, settled_by=by, note=note[:255])
    )


def settle_message(message: QuarantinedMessage, *, order_id: int | None, by: str, at: datetime) -> None:
    """It was taken after all."""
    QuarantinedMessage.objects.filter(id=message.pk).update(
        state=State.TAKEN, settled_at=at, settled_by=by, order_id=order_id, attempts=F("attempts") + 1, last_tried_at=at
    )


def fail_message(message: QuarantinedMessage, reject: Reject, *, at: datetime) -> None:
    """It still cannot be taken; the reason may be another one now."""
    QuarantinedMessage.objects.filter(id=message.pk).update(
        reason=reject.reason,
        detail=reject.detail,
        facts=dict(reject.facts),
        external_id=reject.external_id,
        attempts=F("attempts") + 1,
        last_tried_at=at,
    )


def _columns(rejects: Sequence[Reject]) -> dict[str, Any]:
    return {
        "digests": [reject.digest for reject in rejects],
        "bodies": [reject.body for reject in rejects],
        "formats": [reject.format for reject in rejects],
        "topics": [reject.topic[:80] for reject in rejects],
        "sources": [reject.source[:255] for reject in rejects],
        "external_ids": [reject.external_id[:100] for reject in rejects],
        "reasons": [reject.reason for reject in rejects],
        "details": [reject.detail for reject in rejects],
        "facts": [events.as_json(dict(reject.facts)) for reject in rejects],
    }
