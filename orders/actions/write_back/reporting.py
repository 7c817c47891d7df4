"""Telling other systems of parcels: one message a parcel and system, behind what the system was told before.

Any number of parcels is queued in the same few statements. A message about a parcel makes no other needless, but for
older news of where the same parcel is.
"""

import uuid
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import orjson
from django.db.models import Max

from oms.sql import fetch_all
from oms.transactions import transactional
from oms.writing import insert_rows
from orders.actions.waking import wake_write_backs
from orders.channels.outgoing.registry import PARTNER, kinds_offering, offers
from orders.models import Order, WriteBack, WriteBackTarget
from orders.queries.order_documents import find_order_document, read_order_documents
from orders.queries.shipping.parcels import Parcel, read_parcels

Kind, State = WriteBack.Kind, WriteBack.State
_NOT_STANDING = (State.SUPERSEDED, State.DISMISSED)


@dataclass(frozen=True, slots=True, kw_only=True)
class ParcelNews:
    """What is to be told: that it has left (FULFILLMENT), or where it is by now (TRACKING, with status).

    `type` is what the event is called outside; `rest`: more of the order is to come.
    """

    order: str
    shipment: str
    kind: str
    type: str
    by: str
    at: datetime
    rest: bool = False
    status: str = ""
    status_at: datetime | None = None


@dataclass(slots=True)
class _Told:
    """What one target was told of one order, or is to be."""

    sequence: int = 0
    shipped: set[int] = field(default_factory=set)
    statuses: dict[int, str] = field(default_factory=dict)
    waiting: dict[int, list[int]] = field(default_factory=lambda: defaultdict(list))


@dataclass(frozen=True, slots=True)
class _Order:
    id: int
    number: str
    channel_id: int
    actor: str
    made_here: bool


@transactional
def queue_parcel_news(news: Sequence[ParcelNews], *, at: datetime) -> int:
    """Queue what is to be told, oldest first; how many messages. Twice queues once.

    Not told: test orders, what a channel does not offer, and the channel that said it itself (`by`). Where a parcel is
    interests those only who were told that it has left.
    """
    targets = _targets_for({each.kind for each in news})
    orders = _lock_orders(news, targets) if targets else {}
    if not orders:
        return 0
    told = _read_told(list(orders.values()), at=at)
    parcels = read_parcels({each.shipment for each in news if each.order in orders})
    wanted = [
        (each, order, target, parcel, told[order.id, target.pk])
        for each in news
        if (order := orders.get(each.order)) and (parcel := parcels.get(each.shipment))
        for target in targets
        if _is_for(each, order, target)
    ]

    made, needless = [], list[int]()
    documents = _read_documents({order.id for _, order, _, _, _ in wanted}, at=at)
    for each, order, target, parcel, before in wanted:
        if _is_new(each, parcel, before):
            needless += before.waiting.pop(parcel.id, []) if each.kind == Kind.TRACKING else []
            made.append(_message(each, order, target, parcel, before) | {"body": _body(each, order, parcel, documents)})
    WriteBack.objects.filter(id__in=needless).update(state=State.SUPERSEDED)
    insert_rows({WriteBack: made})
    if made:
        wake_write_backs()
    return len(made)


def _targets_for(kinds: set[str]) -> list[WriteBackTarget]:
    offering = {name for kind in kinds for name in kinds_offering(kind)}
    return list(WriteBackTarget.objects.filter(active=True, kind__in=offering).order_by("id"))


_LOCK_ORDERS = """
SELECT o.id, o.number, o.channel_id, 'channel:' || c.code, o.made_here
FROM orders_order o JOIN oms_channel c ON c.id = o.channel_id
WHERE o.number = ANY(%(numbers)s) AND NOT o.test AND (%(everywhere)s OR o.channel_id = ANY(%(channels)s))
ORDER BY o.id FOR NO KEY UPDATE OF o
"""


def _lock_orders(news: Sequence[ParcelNews], targets: Sequence[WriteBackTarget]) -> dict[str, _Order]:
    """By number; those that nobody is told of are not even locked."""
    channels = [target.channel_id for target in targets if target.channel_id]
    asked = {
        "numbers": sorted({each.order for each in news}),
        "everywhere": len(channels) < len(targets),
        "channels": channels,
    }
    return {row[1]: _Order(*row) for row in fetch_all(_LOCK_ORDERS, asked)}


_READ_TOLD = """
SELECT id, order_id, target_id, sequence, kind, state, shipment_id, body->'shipment'->>'status',
       state = 'WAITING' AND (leased_until IS NULL OR leased_until < %(at)s)
FROM orders_writeback WHERE order_id = ANY(%(orders)s) ORDER BY sequence
"""


def _read_told(orders: Sequence[_Order], *, at: datetime) -> dict[tuple[int, int], _Told]:
    told: dict[tuple[int, int], _Told] = defaultdict(_Told)
    rows = fetch_all(_READ_TOLD, {"orders": [order.id for order in orders], "at": at})
    for key, order_id, target_id, sequence, kind, state, shipment_id, status, free in rows:
        before = told[order_id, target_id]
        before.sequence = sequence
        if kind == Kind.FULFILLMENT and state != State.SUPERSEDED:
            before.shipped.add(shipment_id)
        elif kind == Kind.TRACKING and state not in _NOT_STANDING:
            before.statuses[shipment_id] = status
            if free:
                before.waiting[shipment_id].append(key)
    return told


def _is_for(news: ParcelNews, order: _Order, target: WriteBackTarget) -> bool:
    if target.channel_id not in (None, order.channel_id) or not offers(target.kind, news.kind):
        return False
    return target.kind == PARTNER or (not order.made_here and news.by != order.actor)


def _is_new(news: ParcelNews, parcel: Parcel, before: _Told) -> bool:
    if news.kind == Kind.FULFILLMENT:
        return parcel.id not in before.shipped
    return parcel.id in before.shipped and before.statuses.get(parcel.id) != news.status


def _message(news: ParcelNews, order: _Order, target: WriteBackTarget, parcel: Parcel, before: _Told) -> dict[str, Any]:
    before.sequence += 1
    if news.kind == Kind.FULFILLMENT:
        before.shipped.add(parcel.id)
    else:
        before.statuses[parcel.id] = news.status
    return {
        "order_id": order.id,
        "target_id": target.pk,
        "shipment_id": parcel.id,
        "kind": news.kind,
        "sequence": before.sequence,
        "key": uuid.uuid4(),
        "state": State.WAITING,
        "made_at": news.at,
        "run_after": news.at,
    }


def _read_documents(order_ids: set[int], *, at: datetime) -> dict[str, Any]:
    """The orders as they are now, by number."""
    return {each.number: orjson.loads(each.json) for each in read_order_documents(sorted(order_ids), at=at)}


def _body(news: ParcelNews, order: _Order, parcel: Parcel, documents: dict[str, Any]) -> dict[str, Any]:
    standing = {"rest": news.rest} if news.kind == Kind.FULFILLMENT else {"status": news.status}
    since = {"status_at": news.status_at} if news.status_at else {}
    shipment = parcel.document | standing | since
    return {"type": news.type, "order": documents[order.number], "changes": [], "shipment": shipment}


def renew_parcel_message(row: WriteBack, order: Order, *, at: datetime) -> WriteBack:
    """The same again, with the parcel and the order as they are now, in place of one that has ended. The order must be
    locked.
    """
    row.state = State.SUPERSEDED
    row.save(update_fields=["state"])
    parcels, document = read_parcels([row.body["shipment"]["number"]]), find_order_document(order.number, at=at)
    said = row.body["shipment"]
    kept = {name: said[name] for name in _KEPT[Kind(row.kind)] if name in said}
    (shipment,) = (parcel.document | kept for parcel in parcels.values())
    body = row.body | {"shipment": shipment} | ({"order": orjson.loads(document.json)} if document else {})
    last = order.write_backs.filter(target=row.target_id).aggregate(last=Max("sequence"))["last"]
    wake_write_backs()
    return WriteBack.objects.create(
        order=order,
        target=row.target,
        shipment_id=row.shipment_id,
        kind=row.kind,
        sequence=last + 1,
        body=body,
        progress=row.progress,
        made_at=at,
        run_after=at,
    )


_KEPT = {Kind.FULFILLMENT: ("rest",), Kind.TRACKING: ("status", "status_at")}
