"""Writing down how attempts went: what is done, what waits, what is given up, and which address is switched off."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from oms.actions.webhooks.switching import switch_off
from oms.events import as_json
from oms.models import WebhookDelivery, WebhookEndpoint
from oms.policies.webhooks import Outcome, Verdict, has_failed_for_good, judge_outcome
from oms.sql import fetch_all
from oms.writing import update_rows

State, Because = WebhookDelivery.State, WebhookEndpoint.Because

SLOW_MILLISECONDS = 3_000
"""Whose answer takes longer is asked in the lane of those who keep us waiting."""

_COLUMNS = ["state", "run_after", "leased_until", "tried_at", "ended_at", "status", "milliseconds", "error", "excerpt"]


@dataclass(frozen=True, slots=True)
class Attempt:
    """What was leased, how it went, and when that was known. `dice` is between 0 and 1."""

    delivery: WebhookDelivery
    outcome: Outcome
    at: datetime
    dice: float


@transaction.atomic
def record_attempts(attempts: Sequence[Attempt]) -> int:
    """Constant statements for any number; how many counted. Who lost their lease meanwhile changes nothing."""
    endpoints = _lock_endpoints({attempt.delivery.endpoint_id for attempt in attempts})
    rows = _lock_leased(attempts)
    held = [attempt for attempt in attempts if attempt.delivery.pk in rows]
    verdicts = [(attempt, _judge(attempt)) for attempt in held]
    for attempt, verdict in verdicts:
        _settle(rows[attempt.delivery.pk], attempt, verdict)
    update_rows(list(rows.values()), _COLUMNS)
    _move_followers(list(rows.values()), verdicts)
    _count(verdicts)
    _note_health(endpoints, verdicts)
    return len(held)


def _lock_endpoints(ids: set[int]) -> dict[int, WebhookEndpoint]:
    locked = WebhookEndpoint.objects.filter(id__in=ids).order_by("id").select_for_update(no_key=True)
    return {endpoint.pk: endpoint for endpoint in locked}


def _lock_leased(attempts: Sequence[Attempt]) -> dict[int, WebhookDelivery]:
    leases = {attempt.delivery.pk: attempt.delivery.lease for attempt in attempts}
    waiting = WebhookDelivery.objects.filter(id__in=leases, state=State.WAITING).order_by("id")
    return {row.pk: row for row in waiting.select_for_update(no_key=True) if row.lease == leases[row.pk]}


def _judge(attempt: Attempt) -> Verdict:
    return judge_outcome(attempt.outcome, attempts=attempt.delivery.attempts, dice=attempt.dice)


def _settle(row: WebhookDelivery, attempt: Attempt, verdict: Verdict) -> None:
    outcome = attempt.outcome
    row.leased_until, row.tried_at = None, attempt.at
    row.status, row.milliseconds = outcome.status, outcome.milliseconds
    row.error, row.excerpt = outcome.error, outcome.excerpt
    if verdict.meaning == "delivered":
        row.state, row.ended_at = State.DELIVERED, attempt.at
    elif verdict.meaning == "given_up":
        row.state, row.ended_at = State.FAILED, attempt.at
    else:
        row.run_after = attempt.at + verdict.wait


_MOVE = """
UPDATE oms_webhookdelivery AS d SET run_after = r.run_after
FROM json_to_recordset(%(rows)s::json)
    AS r(endpoint bigint, subject_kind text, subject text, sequence int, run_after timestamptz)
WHERE d.state = 'WAITING' AND d.endpoint_id = r.endpoint AND d.subject_kind = r.subject_kind AND d.subject = r.subject
  AND d.sequence > r.sequence AND d.attempts = 0 AND d.run_after <> r.run_after
"""


def _move_followers(rows: Sequence[WebhookDelivery], verdicts: Sequence[tuple[Attempt, Verdict]]) -> None:
    """Who stands behind one that waits need not be looked at before it; behind one that is done, at once."""
    moments = {attempt.delivery.pk: attempt.at for attempt, _ in verdicts}
    moved = [
        {
            "endpoint": row.endpoint_id,
            "subject_kind": row.subject_kind,
            "subject": row.subject,
            "sequence": row.sequence,
            "run_after": row.run_after if row.state == State.WAITING else moments[row.pk],
        }
        for row in rows
    ]
    if moved:
        fetch_all(_MOVE, {"rows": as_json(moved)})


_COUNT = """
INSERT INTO oms_webhookhour (endpoint_id, hour, delivered, failed)
SELECT * FROM json_to_recordset(%(rows)s::json) AS r(endpoint bigint, hour timestamptz, delivered int, failed int)
ON CONFLICT (endpoint_id, hour) DO UPDATE
SET delivered = oms_webhookhour.delivered + excluded.delivered, failed = oms_webhookhour.failed + excluded.failed
"""


def _count(verdicts: Sequence[tuple[Attempt, Verdict]]) -> None:
    delivered: Counter[tuple[int, datetime]] = Counter()
    failed: Counter[tuple[int, datetime]] = Counter()
    for attempt, verdict in verdicts:
        place = attempt.delivery.endpoint_id, attempt.at.replace(minute=0, second=0, microsecond=0)
        (delivered if verdict.meaning == "delivered" else failed)[place] += 1
    rows = [
        {"endpoint": place[0], "hour": place[1], "delivered": delivered[place], "failed": failed[place]}
        for place in sorted({*delivered, *failed})
    ]
    if rows:
        fetch_all(_COUNT, {"rows": as_json(rows)})


def _note_health(endpoints: Mapping[int, WebhookEndpoint], verdicts: Sequence[tuple[Attempt, Verdict]]) -> None:
    """One success ends a row of failures; what nobody answers for days is switched off."""
    changed: dict[int, WebhookEndpoint] = {}
    off: dict[int, tuple[str, datetime]] = {}
    for attempt, verdict in sorted(verdicts, key=lambda pair: pair[0].at):
        endpoint = endpoints[attempt.delivery.endpoint_id]
        before = _health_of(endpoint)
        endpoint.slow = attempt.outcome.milliseconds > SLOW_MILLISECONDS
        if verdict.meaning == "delivered":
            endpoint.failing_since = endpoint.resting_until = None
            off.pop(endpoint.pk, None)
        else:
            endpoint.failing_since = endpoint.failing_since or attempt.at
            endpoint.resting_until = attempt.at + verdict.rest if verdict.rest else endpoint.resting_until
        if verdict.meaning == "gone":
            off[endpoint.pk] = Because.GONE, attempt.at
        elif has_failed_for_good(endpoint.failing_since, at=attempt.at):
            off.setdefault(endpoint.pk, (Because.FAILING, attempt.at))
        if before != _health_of(endpoint):
            changed[endpoint.pk] = endpoint
    update_rows(list(changed.values()), ["slow", "failing_since", "resting_until"])
    for pk, (because, at) in off.items():
        if endpoints[pk].active:
            switch_off(endpoints[pk], because=because, by="system", at=at)


def _health_of(endpoint: WebhookEndpoint) -> tuple[object, ...]:
    return endpoint.slow, endpoint.failing_since, endpoint.resting_until
