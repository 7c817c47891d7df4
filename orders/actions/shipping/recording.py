"""Writing down what carriers answered: in a transaction of its own that can be repeated, a batch at a time.

Whoever holds a lease that somebody else has by now records nothing.
"""

import random
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from oms import events
from oms.reading import fetch_objects
from oms.sql import fetch_all
from oms.transactions import transactional
from oms.writing import update_rows
from orders.carriers.port import Bought
from orders.events import LabelBought, LabelFailed, LabelVoided
from orders.models import CarrierAccount, Label
from orders.return_label_events import ReturnLabelBought, ReturnLabelFailed, ReturnLabelVoided

State = Label.State

LEASE = timedelta(minutes=5)
"""Longer than any conversation about one label; a worker that died gives it back after it."""
BACKOFF = [timedelta(seconds=seconds) for seconds in (5, 15, 60, 300, 900, 1800, 3600)]
"""Waits after each silence; the last one again and again: a parcel that wants a label is never given up in silence."""

_LOCK_ORDERS = """
SELECT FROM orders_order WHERE id IN (
    SELECT coalesce(f.order_id, l.order_id)
    FROM orders_label l LEFT JOIN orders_fulfillment f ON f.id = l.fulfillment_id WHERE l.id = ANY(%s)
) ORDER BY id FOR NO KEY UPDATE
"""
_CONTEXT = """
SELECT l.id, o.number, coalesce(f.number, l.rma), w.code,
       f.status IN ('OPEN', 'SCHEDULED', 'ON_HOLD', 'IN_PROGRESS') AND NOT EXISTS (
           SELECT FROM orders_label other
           WHERE other.fulfillment_id = f.id AND other.id <> l.id AND other.state IN ('WANTED', 'BOUGHT')
       )
FROM orders_label l
LEFT JOIN orders_fulfillment f ON f.id = l.fulfillment_id
JOIN orders_order o ON o.id = coalesce(f.order_id, l.order_id)
JOIN inventory_warehouse w ON w.id = coalesce(f.warehouse_id, (l.parcel->>'warehouse')::bigint)
WHERE l.id = ANY(%s)
"""
# A picture is 20 kB: in bytes, not as text in JSON. Bought once, drawn once: the same label again is the same picture.
_KEEP_PICTURES = """
INSERT INTO orders_labeldocument (label_id, media_type, content)
SELECT * FROM unnest(%(labels)s::bigint[], %(types)s::text[], %(pictures)s::bytea[]) ON CONFLICT (label_id) DO NOTHING
"""


@transactional
def record_bought(bought: Mapping[int, Bought], leases: Mapping[int, int], *, by: str, at: datetime) -> int:
    """What was bought, by label id; how many were still ours to record. One that was to be given back meanwhile is
    written down as bought all the same, and then given back.
    """
    labels = lock_leased(leases)
    context = read_context(labels)
    told: list[events.Event] = []
    for label in labels:
        answer = bought[label.pk]
        label.tracking_number, label.tracking_url = answer.tracking_number, answer.tracking_url
        label.cost, label.currency, label.reference = answer.cost, answer.currency, answer.reference
        label.bought_at, label.doubtful, label.leased_until = label.bought_at or at, False, None
        label.attempts, label.last_error, label.run_after = 0, "", at
        if label.state == State.WANTED:
            label.state = State.BOUGHT
            facts = {**facts_of(label, context[label.pk]), "cost": str(answer.cost), "currency": answer.currency}
            kind = ReturnLabelBought if label.rma else LabelBought
            told.append(kind(subject=context[label.pk].order, by=by, at=at, facts=facts))
    update_rows(
        labels,
        [
            *("state", "tracking_number", "tracking_url", "cost", "currency", "reference", "bought_at", "doubtful"),
            *("leased_until", "attempts", "last_error", "run_after"),
        ],
    )
    _keep_pictures(labels, bought)
    events.publish(told)
    return len(labels)


@transactional
def record_refused(
    label_id: int, lease: int, sentence: str, *, rates: Sequence[dict[str, Any]], by: str, at: datetime
) -> bool:
    """Nobody sells a label for this parcel; a person must look. `rates`: who was asked, and why not."""
    labels = lock_leased({label_id: lease})
    for label in labels:
        wanted = label.state == State.WANTED
        label.state = State.REFUSED if wanted else State.WITHDRAWN
        label.last_error, label.leased_until, label.doubtful = sentence[:2000], None, False
        label.rates, label.reference = list(rates), ""
        update_rows(labels, ["state", "last_error", "leased_until", "doubtful", "rates", "reference"])
        if wanted:
            _tell_failed(label, sentence, by=by, at=at)
    return bool(labels)


@transactional
def record_returned(labels: Collection[int], leases: Mapping[int, int], *, by: str, at: datetime) -> int:
    """The carriers took these back; those that were never bought are just not wanted any more."""
    standing = [label for label in lock_leased(leases) if label.pk in labels]
    context = read_context(standing)
    told: list[events.Event] = []
    for label in standing:
        was_bought = label.bought_at is not None
        label.state = State.VOIDED if was_bought else State.WITHDRAWN
        label.voided_at = at if was_bought else None
        label.leased_until, label.doubtful, label.last_error = None, False, ""
        if was_bought:
            facts = {**facts_of(label, context[label.pk]), "reason": label.reason}
            kind = ReturnLabelVoided if label.rma else LabelVoided
            told.append(kind(subject=context[label.pk].order, by=by, at=at, facts=facts))
    update_rows(standing, ["state", "voided_at", "leased_until", "doubtful", "last_error"])
    events.publish(told)
    return len(standing)


@transactional
def record_kept(label_id: int, lease: int, sentence: str, *, by: str, at: datetime) -> bool:
    """The carrier does not take it back: it holds again where nothing replaced it, else its money is lost."""
    labels = lock_leased({label_id: lease})
    for label in labels:
        holds = read_context(labels)[label.pk].holds
        label.state = State.BOUGHT if holds else State.UNRETURNED
        label.leased_until, label.last_error = None, sentence[:2000]
        update_rows(labels, ["state", "leased_until", "last_error"])
        _tell_failed(label, sentence, by=by, at=at)
    return bool(labels)


def postpone(label: Label, sentence: str, *, at: datetime, least: float = 0) -> None:
    """Once more later, not before `least` seconds; a wait that was asked for does not count as a failure."""
    tried = min(label.attempts, len(BACKOFF))
    pause = BACKOFF[tried - 1] * random.uniform(0.8, 1.2)  # noqa: S311 - jitter, not a secret
    Label.objects.filter(pk=label.pk, lease=label.lease).update(
        run_after=at + max(pause, timedelta(seconds=least)),
        attempts=label.attempts - 1 if least else label.attempts,
        leased_until=None,
        last_error=sentence[:2000],
    )


def pause_account(account: CarrierAccount, *, until: datetime) -> None:
    CarrierAccount.objects.filter(pk=account.pk).update(paused_until=until)


def lock_leased(leases: Mapping[int, int]) -> list[Label]:
    """Orders first, then the labels whose lease still holds; in the order of their ids."""
    ids = sorted(leases)
    fetch_all(_LOCK_ORDERS, [ids])
    rows = fetch_objects(
        Label, "WHERE id = ANY(%s) AND state IN ('WANTED', 'VOIDING') ORDER BY id FOR NO KEY UPDATE", [ids]
    )
    return [label for label in rows if label.lease == leases[label.pk]]


class Context(NamedTuple):
    """The order's number, the fulfillment's or return's, the warehouse's code; `holds`: it is still to be sent, and has
    no other label.
    """

    order: str
    number: str
    warehouse: str
    holds: bool


def read_context(labels: Sequence[Label]) -> dict[int, Context]:
    rows = fetch_all(_CONTEXT, [[label.pk for label in labels]]) if labels else []
    return {label_id: Context(order, number, code, bool(holds)) for label_id, order, number, code, holds in rows}


def facts_of(label: Label, context: Context) -> dict[str, Any]:
    chosen: dict[str, Any] = next((rate for rate in label.rates if rate["chosen"]), {})
    return {
        **_named(label, context),
        "carrier": chosen.get("account", ""),
        "service": label.service_name,
        "tracking_number": label.tracking_number,
    }


def _keep_pictures(labels: Sequence[Label], bought: Mapping[int, Bought]) -> None:
    if not labels:
        return
    answers = [bought[label.pk] for label in labels]
    types, pictures = [each.media_type for each in answers], [each.label for each in answers]
    fetch_all(_KEEP_PICTURES, {"labels": [label.pk for label in labels], "types": types, "pictures": pictures})


def _tell_failed(label: Label, sentence: str, *, by: str, at: datetime) -> None:
    context = read_context([label])[label.pk]
    kind = ReturnLabelFailed if label.rma else LabelFailed
    facts = {**_named(label, context), "reason": sentence}
    events.publish([kind(subject=context.order, by=by, at=at, facts=facts)])


def _named(label: Label, context: Context) -> dict[str, Any]:
    what = "return" if label.rma else "fulfillment"
    return {what: context.number, "warehouse": context.warehouse, "label": label.pk}
