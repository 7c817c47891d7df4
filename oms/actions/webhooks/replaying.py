"""Sending once more: one message, several, or all of a span of time, under the ids they had."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.db.models import Q

from oms.actions.webhooks.queueing import insert_deliveries, keep_visible
from oms.actions.webhooks.switching import lock_active
from oms.errors import FieldError, Invalid
from oms.events import public_types, publish
from oms.models import WebhookDelivery, WebhookEndpoint, WebhookReplay
from oms.policies.webhooks import match_types
from oms.queries.event_log import COLUMNS, LoggedEvent
from oms.sql import fetch_all, fetch_one
from oms.webhook_errors import WebhookDeliveryNotFound, WebhookReplayRunning
from oms.webhook_events import WebhookReplayed

AT_ONCE = 500


@transaction.atomic
def replay_delivery(*, delivery_id: int, by: str, at: datetime) -> WebhookDelivery:
    """On its way again at once, with a fresh ladder and under its old id. One that is being sent now is left alone.

    Raises:
        WebhookDeliveryNotFound, WebhookEndpointOff
    """
    endpoint_id = WebhookDelivery.objects.filter(id=delivery_id).values_list("endpoint_id", flat=True).first()
    if endpoint_id is None:
        raise WebhookDeliveryNotFound
    endpoint = lock_active(endpoint_id)
    replay_deliveries([delivery_id], at=at)
    publish([WebhookReplayed(subject=str(endpoint.pk), by=by, at=at, facts={"delivery": delivery_id})])
    return WebhookDelivery.objects.get(id=delivery_id)


@transaction.atomic
def replay_several(*, delivery_ids: Sequence[int], by: str, at: datetime) -> int:
    """Those whose address is switched on; how many are on their way again."""
    wanted = WebhookDelivery.objects.filter(id__in=delivery_ids, endpoint__active=True)
    found = dict(wanted.values_list("id", "endpoint_id"))
    endpoints = WebhookEndpoint.objects.told().filter(id__in=set(found.values())).order_by("id")
    active = {endpoint.pk for endpoint in endpoints.select_for_update(no_key=True)}
    chosen = [pk for pk, endpoint in found.items() if endpoint in active]
    replayed = replay_deliveries(chosen, at=at)
    publish(
        [WebhookReplayed(subject=str(found[pk]), by=by, at=at, facts={"delivery": pk}) for pk in chosen],
    )
    return replayed


def replay_deliveries(ids: Sequence[int], *, at: datetime) -> int:
    """The addresses' rows are locked."""
    free = Q(leased_until=None) | Q(leased_until__lt=at)
    return WebhookDelivery.objects.filter(free, id__in=ids).update(
        state=WebhookDelivery.State.WAITING, attempts=0, run_after=at, leased_until=None, ended_at=None
    )


_SPAN = """
SELECT min(id + 0), max(id + 0) FROM oms_eventrecord WHERE recorded_at >= %(since)s AND recorded_at < %(until)s
"""


@transaction.atomic
def start_replay(*, endpoint_id: int, since: datetime, until: datetime, by: str, at: datetime) -> WebhookReplay:
    """Have all that was announced from `since` on and before `until` sent to this address again, in the old order.

    Raises:
        WebhookEndpointNotFound, WebhookEndpointOff, WebhookReplayRunning
        Invalid: the span ends before it begins.
    """
    endpoint = lock_active(endpoint_id)
    if until <= since:
        error = FieldError("/until", "span_empty", "The span must end after it begins.")
        raise Invalid(error.detail, errors=[error])
    if endpoint.replays.filter(ended_at=None).exists():
        raise WebhookReplayRunning

    first, last = fetch_one(_SPAN, {"since": since, "until": until})
    replay = WebhookReplay.objects.create(
        endpoint=endpoint,
        since=since,
        until=until,
        first_id=first or 0,
        next_id=first or 0,
        last_id=last or 0,
        by=by,
        made_at=at,
        ended_at=None if first else at,
    )
    facts = {"since": since, "until": until}
    publish([WebhookReplayed(subject=str(endpoint.pk), by=by, at=at, facts=facts)])
    return replay


def continue_replays(*, at: datetime) -> int:
    """A piece of each span that is being sent again; how many messages are on their way because of it."""
    queued = 0
    for replay_id in list(WebhookReplay.objects.filter(ended_at=None).order_by("id").values_list("id", flat=True)):
        queued += _replay_piece(replay_id, at=at)
    return queued


_PIECE = f"""
SELECT {COLUMNS} FROM oms_eventrecord
WHERE id >= %(first)s AND id <= %(last)s AND recorded_at >= %(since)s AND recorded_at < %(until)s
ORDER BY id LIMIT %(limit)s
"""  # noqa: S608 - names of our own columns, no input


@transaction.atomic
def _replay_piece(replay_id: int, *, at: datetime) -> int:
    """The address first, as everywhere. One that was switched off meanwhile is sent the rest when it is on again."""
    endpoint_id = WebhookReplay.objects.values_list("endpoint_id", flat=True).get(id=replay_id)
    endpoint = WebhookEndpoint.objects.select_for_update(no_key=True).get(id=endpoint_id)
    replay = WebhookReplay.objects.select_for_update(no_key=True).filter(id=replay_id, ended_at=None).first()
    if replay is None or not endpoint.active:
        return 0
    span = {"first": replay.next_id, "last": replay.last_id, "since": replay.since, "until": replay.until}
    looked = [LoggedEvent(*row) for row in fetch_all(_PIECE, span | {"limit": AT_ONCE})]
    types = set(match_types(endpoint.types, public_types()))
    wanted = {endpoint.pk: [event for event in looked if event.type in types]}
    events = keep_visible(wanted, {endpoint.pk: endpoint})

    known = WebhookDelivery.objects.filter(endpoint=endpoint, event__in=[each.id for each in events[endpoint.pk]])
    queued = replay_deliveries(list(known.values_list("id", flat=True)), at=at) + insert_deliveries(events, at=at)
    replay.queued += queued
    replay.next_id = looked[-1].id + 1 if looked else replay.last_id + 1
    replay.ended_at = at if len(looked) < AT_ONCE else None
    replay.save(update_fields=["queued", "next_id", "ended_at"])
    return queued
