"""Telling other systems what has become of an order: queued with the order locked, one message after the other.

Each message says all of the order, and what changed, so a newer one makes older ones that still wait needless. The
next message to the same target is not sent before the one before it is answered or given up.
"""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any

import orjson
from django.db.models import Exists, OuterRef, Q

from oms.transactions import transactional
from orders.actions.waking import wake_write_backs
from orders.channels.outgoing.registry import kinds_offering
from orders.models import Order, WriteBack, WriteBackTarget
from orders.queries.order_documents import find_order_document

Kind, State = WriteBack.Kind, WriteBack.State
Changes = Sequence[Any]

TYPES = {
    Kind.EDIT: "order.edited",
    Kind.CANCEL: "order.cancelled",
    Kind.HOLD: "order.held",
    Kind.RELEASE: "order.released",
}
_HOLDING = (Kind.HOLD, Kind.RELEASE)
_MAKES_NEEDLESS: Mapping[str, Collection[str]] = {
    Kind.EDIT: (Kind.EDIT,),
    Kind.CANCEL: (Kind.EDIT, *_HOLDING),
    Kind.HOLD: _HOLDING,
    Kind.RELEASE: _HOLDING,
}


def queue_write_backs(
    *, number: str, kind: str, edit_id: int | None = None, changes: Changes = (), by: str, at: datetime
) -> list[WriteBack]:
    """One message to each system that must learn of it; none for those that know already. Twice queues once.

    The channel that made the change itself (`by`) is not told of it, partners are.
    """
    order = Order.objects.filter(number=number).select_related("channel").first()
    if order is None or not targets_of(order, kind, by=by):  # most have none: they are not even locked
        return []
    return _queue(number=number, kind=kind, edit_id=edit_id, changes=changes, by=by, at=at)


def queue_due_releases(*, at: datetime, limit: int = 100) -> int:
    """Tell the channels that show a hold of ours which of these orders have gone out since; how many.

    They are looked for: an event of every release would cost each order a delivery, and hardly any was held there.
    """
    later = WriteBack.objects.filter(
        order=OuterRef("order"), target=OuterRef("target"), kind__in=_HOLDING, sequence__gt=OuterRef("sequence")
    )
    held = WriteBack.objects.filter(~Exists(later), kind=Kind.HOLD, order__status=Order.Status.RELEASED)
    shown = held.filter(target__active=True).exclude(state__in=[State.SUPERSEDED, State.DISMISSED]).order_by("id")
    numbers = list(dict.fromkeys(shown.values_list("order__number", flat=True)[:limit]))
    return sum(len(_queue_release(number, at=at)) for number in numbers)


def _queue_release(number: str, *, at: datetime) -> list[WriteBack]:
    return _queue(number=number, kind=Kind.RELEASE, edit_id=None, changes=(), by="system", at=at)


def targets_of(order: Order, kind: str, *, by: str) -> list[WriteBackTarget]:
    """The systems that are told of this kind of change of this order; its channel not of one that was made here."""
    targets = WriteBackTarget.objects.filter(active=True, kind__in=kinds_offering(kind))
    if by == order.channel.actor or order.made_here:
        targets = targets.filter(kind=WriteBackTarget.Kind.PARTNER)
    return list(targets.filter(Q(channel=order.channel_id) | Q(channel=None)).order_by("id"))


@transactional
def _queue(*, number: str, kind: str, edit_id: int | None, changes: Changes, by: str, at: datetime) -> list[WriteBack]:
    order = Order.objects.locked(number)
    said = _said_so_far(order)
    wanted = [
        target
        for target in targets_of(order, kind, by=by)
        if not _knows_already(said.get(target.pk, []), kind, edit_id)
    ]
    return add_messages(order, wanted, kind=kind, edit_id=edit_id, changes=changes, at=at)


def add_messages(
    order: Order,
    targets: Sequence[WriteBackTarget],
    *,
    kind: str,
    edit_id: int | None = None,
    changes: Changes = (),
    at: datetime,
) -> list[WriteBack]:
    """Queue a message to each target behind what it was told before. The order must be locked."""
    document = find_order_document(order.number, at=at)
    if not targets or document is None:
        return []
    said, made, needless = _said_so_far(order), [], []
    for target in targets:
        before = said.get(target.pk, [])
        replaced = [message for message in before if _is_needless(message, kind, at)]
        needless += replaced
        message = WriteBack(
            order=order,
            target=target,
            edit_id=edit_id,
            kind=kind,
            sequence=max((message.sequence for message in before), default=0) + 1,
            body=_body(kind, document.json, [*_changes_of(replaced), *changes], edit_id),
            made_at=at,
            run_after=at,
        )
        made.append(message)
    WriteBack.objects.filter(id__in=[message.pk for message in needless]).update(state=State.SUPERSEDED)
    wake_write_backs()
    return WriteBack.objects.bulk_create(made)


def _said_so_far(order: Order) -> dict[int, list[WriteBack]]:
    """What each target was told of the order, or is to be, oldest first."""
    said: dict[int, list[WriteBack]] = {}
    for message in order.write_backs.order_by("sequence"):
        said.setdefault(message.target_id, []).append(message)
    return said


def _knows_already(before: Sequence[WriteBack], kind: str, edit_id: int | None) -> bool:
    if edit_id is not None and any(message.edit_id == edit_id and message.kind == kind for message in before):
        return True
    standing = [message for message in before if message.state not in (State.SUPERSEDED, State.DISMISSED)]
    if kind == Kind.CANCEL:
        return any(message.kind == Kind.CANCEL for message in standing)
    if kind in _HOLDING:
        last = next((message.kind for message in reversed(standing) if message.kind in _HOLDING), Kind.RELEASE)
        return last == kind
    return False


def _is_needless(message: WriteBack, kind: str, at: datetime) -> bool:
    """It waits, nobody is sending it right now, and the new one says all that it says."""
    free = message.leased_until is None or message.leased_until < at
    return message.state == State.WAITING and free and message.kind in _MAKES_NEEDLESS[kind]


def _changes_of(messages: Sequence[WriteBack]) -> list[Any]:
    return [change for message in messages for change in message.body.get("changes", [])]


def _body(kind: str, document: str, changes: Changes, edit_id: int | None) -> dict[str, Any]:
    body = {"type": TYPES[Kind(kind)], "order": orjson.loads(document), "changes": list(changes)}
    return body | ({"edit": edit_id} if edit_id is not None else {})
