"""Comparing an order with another system's copy of it, now."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import orjson

from oms import events
from oms.transactions import transactional
from orders.absences import OrderNotFound, WriteBackNotFound
from orders.actions.write_back.recording import acknowledge, settle_replaced
from orders.actions.write_back.telling import attempt, channel_of, judge_copy
from orders.channels.outgoing.desired import read_desired
from orders.channels.outgoing.differing import Difference
from orders.channels.outgoing.port import ChannelCopy, Desired
from orders.errors import ComparisonNotOffered, TargetUnreachable
from orders.models import Order, WriteBack
from orders.queries.order_documents import find_order_document

State = WriteBack.State


@dataclass(frozen=True)
class Comparison:
    """Both sides as they are, and where they differ."""

    message: WriteBack
    desired: Desired
    copy: ChannelCopy
    differences: Sequence[Difference]


def compare_write_back(*, write_back_id: int, by: str, at: datetime) -> Comparison:
    """Read the other side's copy and compare it with the order as it is now. Must run outside of a transaction.

    A message that was given up or differed, and is found to be done by now, is acknowledged.

    Raises:
        WriteBackNotFound
        ComparisonNotOffered: a partner cannot be asked, and a parcel is found by sending its message again.
        TargetUnreachable
    """
    message = WriteBack.objects.select_related("order", "target").filter(id=write_back_id).first()
    if message is None:
        raise WriteBackNotFound
    if message.target.is_partner:
        raise ComparisonNotOffered(message.target.name)
    if message.kind in WriteBack.OF_PARCELS:
        raise ComparisonNotOffered(message.target.name, "a parcel: send the message again, which finds it")
    if message.kind == WriteBack.Kind.CREDIT:
        raise ComparisonNotOffered(message.target.name, "store credit: send the message again, which finds it")

    desired, copies = _desired_now(message, at=at), list[ChannelCopy]()
    channel = channel_of(message.target)
    if trouble := attempt(lambda: copies.append(channel.read_order(desired.order.external_id))):
        raise TargetUnreachable(message.target.name, trouble.sentence)
    (copy,) = copies
    differences = judge_copy(message.kind, desired, copy)
    return Comparison(_record(message, differences, by=by, at=at), desired, copy, differences)


def _desired_now(message: WriteBack, *, at: datetime) -> Desired:
    document = find_order_document(message.order.number, at=at)
    if document is None:
        raise OrderNotFound(message.order.number)
    return read_desired(orjson.loads(document.json))


@transactional
def _record(message: WriteBack, differences: Sequence[Difference], *, by: str, at: datetime) -> WriteBack:
    Order.objects.locked(message.order.number)
    row = (
        WriteBack.objects.select_for_update(no_key=True, of=("self",))
        .select_related("order", "target")
        .get(id=message.pk)
    )
    if row.state in (State.MISMATCHED, State.FAILED):
        row.differences = [difference.as_json() for difference in differences]
        if not differences:
            events.publish([acknowledge(row, by=by, at=at)])
            settle_replaced([row], at=at)
        row.save()
    return row
