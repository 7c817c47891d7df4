"""From the log of events into the queues of partners' addresses: nothing twice, nothing left out, in the log's order.

Each address has its own place in the log. Queueing costs whoever announces an event nothing at all.
"""

import hashlib
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction

from oms.events import as_json, public_types
from oms.models import WebhookEndpoint
from oms.policies.webhooks import match_types
from oms.queries.event_log import COLUMNS, LOOKED_THROUGH, LoggedEvent, Place, find_horizon
from oms.resources import Limits, Mention, see_mentions
from oms.sql import fetch_all, fetch_one
from oms.writing import update_rows

AT_ONCE = 500
"""Events an address in one transaction."""
_STEP = 10_000
"""Transactions by which an address's place may lag behind where nothing that it wants was announced."""


def queue_events(*, at: datetime) -> int:
    """Queue what was announced since the last look; how many messages. Who is being recorded now comes next time."""
    queued, more = 0, True
    while more:
        some, more = _queue_some(at=at)
        queued += some
    return queued


@transaction.atomic
def _queue_some(*, at: datetime) -> tuple[int, bool]:
    """How many messages there are now, and whether there may be more."""
    told = WebhookEndpoint.objects.told().order_by("id").select_for_update(skip_locked=True, no_key=True)
    endpoints = {endpoint.pk: endpoint for endpoint in told}
    if not endpoints:
        return 0, False
    horizon = find_horizon()
    read = _read_logs(endpoints.values(), horizon)
    queued = insert_deliveries(keep_visible({pk: each.events for pk, each in read.items()}, endpoints), at=at)
    _move_on(endpoints, read, horizon)
    return queued, any(each.more or each.is_full for each in read.values())


def limits_of(endpoint: WebhookEndpoint) -> Limits:
    return Limits(tuple(endpoint.channels), tuple(endpoint.warehouses))


def keep_visible(
    found: Mapping[int, Sequence[LoggedEvent]], endpoints: Mapping[int, WebhookEndpoint]
) -> dict[int, list[LoggedEvent]]:
    """Of what was found for each address, what it may be told of, in its order."""
    asked = [(pk, event, limits_of(endpoints[pk])) for pk, events in found.items() for event in events]
    seen = see_events([(event, limits) for _, event, limits in asked])
    kept: dict[int, list[LoggedEvent]] = {pk: [] for pk in found}
    for (pk, event, _), visible in zip(asked, seen, strict=True):
        if visible:
            kept[pk].append(event)
    return kept


def see_events(asked: Sequence[tuple[LoggedEvent, Limits]]) -> list[bool]:
    """Which of these events lie within the limits that stand beside them."""
    by_kind: dict[str, list[int]] = defaultdict(list)
    for place, (event, _) in enumerate(asked):
        by_kind[event.subject_kind].append(place)
    seen = [False] * len(asked)
    for kind, places in by_kind.items():
        mentions = [Mention(asked[place][0].subject, asked[place][0].facts, asked[place][1]) for place in places]
        for place, visible in zip(places, see_mentions(kind, mentions), strict=True):
            seen[place] = visible
    return seen


def message_id(event: LoggedEvent) -> str:
    """The event's name for those who are told of it: always the same, and none that another event ever had."""
    said = f"{event.id}|{event.type}|{event.subject_kind}|{event.subject}|{event.sequence}|{event.at.isoformat()}"
    return f"msg_{hashlib.sha256(said.encode()).hexdigest()[:32]}"


@dataclass(frozen=True, slots=True)
class Read:
    """What one address may want to hear of, and how far the log was looked through for it."""

    events: list[LoggedEvent]
    looked_to: Place
    more: bool

    @property
    def is_full(self) -> bool:
        return len(self.events) == AT_ONCE

    @property
    def end(self) -> Place:
        return self.events[-1].place if self.is_full else self.looked_to


_READ = f"""
SELECT told.endpoint, coalesce(bound.turn, %(horizon)s - 1), coalesce(bound.id, newest.id), bound.id IS NOT NULL,
       event.*
FROM (SELECT coalesce(max(id), 0) AS id FROM oms_eventrecord) AS newest
CROSS JOIN json_to_recordset(%(told)s::json) AS told(endpoint bigint, turn bigint, id bigint, types json)
LEFT JOIN LATERAL (
    SELECT e.turn, e.id FROM oms_eventrecord e WHERE (e.turn, e.id) > (told.turn, told.id) AND e.turn < %(horizon)s
    ORDER BY e.turn, e.id OFFSET %(looked)s LIMIT 1
) AS bound ON TRUE
LEFT JOIN LATERAL (
    SELECT {COLUMNS} FROM oms_eventrecord e
    WHERE (e.turn, e.id) > (told.turn, told.id)
      AND (e.turn, e.id) <= (coalesce(bound.turn, %(horizon)s - 1), coalesce(bound.id, newest.id))
      AND e.type IN (SELECT json_array_elements_text(told.types))
    ORDER BY e.turn, e.id LIMIT %(limit)s
) AS event ON TRUE
ORDER BY told.endpoint, event.turn, event.id
"""  # noqa: S608 - names of our own columns, no input


def _read_logs(endpoints: Collection[WebhookEndpoint], horizon: int) -> dict[int, Read]:
    """For each address what comes next."""
    known = public_types()
    told = [
        {"endpoint": e.pk, "turn": e.read_turn, "id": e.read_id, "types": match_types(e.types, known)}
        for e in endpoints
    ]
    asked = {"told": as_json(told), "horizon": horizon, "looked": LOOKED_THROUGH - 1, "limit": AT_ONCE}
    read: dict[int, Read] = {}
    for endpoint, turn, id_, more, *event in fetch_all(_READ, asked):
        known_so_far = read.setdefault(endpoint, Read([], (turn, id_), more))
        if event[0] is not None:
            known_so_far.events.append(LoggedEvent(*event))
    return read


_INSERT = """
WITH new AS (
    INSERT INTO oms_webhookdelivery
        (endpoint_id, event_id, message_id, type, subject_kind, subject, sequence, run_after)
    SELECT endpoint, event, message_id, type, subject_kind, subject, sequence,
           greatest(%(at)s, (  -- behind one that waits for its next attempt
               SELECT max(w.run_after) FROM oms_webhookdelivery w
               WHERE w.state = 'WAITING' AND w.endpoint_id = r.endpoint
                 AND w.subject_kind = r.subject_kind AND w.subject = r.subject
           ))
    FROM json_to_recordset(%(rows)s::json) AS r(
        endpoint bigint, event bigint, message_id text, type text, subject_kind text, subject text, sequence int
    )
    ON CONFLICT (endpoint_id, event_id) DO NOTHING RETURNING 1
)
SELECT count(*) FROM new
"""


def insert_deliveries(events: Mapping[int, Sequence[LoggedEvent]], *, at: datetime) -> int:
    """Queue events by address (whose rows are locked), but for those that were queued before; how many."""
    rows = [_as_row(endpoint, event) for endpoint, told in events.items() for event in told]
    return fetch_one(_INSERT, {"rows": as_json(rows), "at": at})[0] if rows else 0


def _as_row(endpoint: int, event: LoggedEvent) -> dict[str, Any]:
    return {
        "endpoint": endpoint,
        "event": event.id,
        "message_id": message_id(event),
        "type": event.type,
        "subject_kind": event.subject_kind,
        "subject": event.subject,
        "sequence": event.sequence,
    }


def _move_on(endpoints: Mapping[int, WebhookEndpoint], read: Mapping[int, Read], horizon: int) -> None:
    moved = []
    for pk, each in read.items():
        endpoint = endpoints[pk]
        if not each.events and not each.more and horizon - endpoint.read_turn < _STEP:
            continue  # a second from now this place costs as little as the next
        endpoint.read_turn, endpoint.read_id = each.end
        moved.append(endpoint)
    update_rows(moved, ["read_turn", "read_id"])
