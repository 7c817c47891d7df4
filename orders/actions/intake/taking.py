"""Taking messages: each becomes an order, a change of one, nothing new, or a quarantine row. None is lost."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal

import orjson
from django.db import DataError, IntegrityError

from oms.errors import Invalid, Refused
from oms.models import Channel
from oms.transactions import run_transaction
from orders.actions.cancelling import cancel_order
from orders.actions.intake.quarantining import Reject, fail_message, quarantine_messages, settle_message
from orders.actions.intake.refunding import record_refunds
from orders.actions.intake.updating import has_news, update_order
from orders.actions.placing import Placement, place_orders
from orders.channels.incoming import IncomingOrder
from orders.channels.port import CannotTake, IncomingCancellation, IncomingMessage, IncomingRefundNotice, NotAnOrder
from orders.channels.reading import split_document
from orders.channels.reasons import ADVICE, cannot_take
from orders.channels.registry import mapping_named
from orders.models import Order, QuarantinedMessage

Said = IncomingMessage | CannotTake | NotAnOrder
Status = Literal["placed", "known", "updated", "cancelled", "not_an_order", "quarantined"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """Bytes as they came; `source` tells a person where from."""

    body: bytes
    topic: str = ""
    source: str = ""


@dataclass(slots=True)
class Outcome:
    """What became of one member of the messages."""

    status: Status
    number: str = ""
    order_id: int | None = None
    reason: str = ""
    reject: Reject | None = field(default=None, repr=False)


@dataclass(slots=True, kw_only=True)
class Member:
    """One order (or notice) as it was read, beside the bytes it was read from."""

    said: Said
    body: bytes
    topic: str = ""
    source: str = ""
    outcome: Outcome | None = None


def take_messages(
    messages: Sequence[Message], *, channel: Channel, format: str, by: str, at: datetime
) -> list[Outcome]:
    """Read the messages by the mapping of that name and take what they say; one outcome for each member."""
    members = [member for message in messages for member in read_members(message, channel=channel, format=format)]
    return take_members(members, channel=channel, format=format, by=by, at=at)


def take_members(members: Sequence[Member], *, channel: Channel, format: str, by: str, at: datetime) -> list[Outcome]:
    """Take what can be taken, keep the rest in quarantine; one outcome for each member, in the order they came.

    Each member stands alone, in a transaction of its own or of a batch that it cannot spoil.
    """
    _take_members(members, channel=channel, by=by, at=at)
    rejects = []
    for member in members:
        if isinstance(member.said, NotAnOrder):
            member.outcome = Outcome("not_an_order", reason=member.said.reason)
        if isinstance(member.said, CannotTake):
            reject = _reject(member, member.said, format=format)
            member.outcome = Outcome("quarantined", reason=reject.reason, reject=reject)
            rejects.append(reject)
    quarantine_messages(rejects, channel=channel, by=by, at=at)
    _take_waiting(members, channel=channel, by=by, at=at)
    return [member.outcome for member in members if member.outcome]


def retry_messages(*, ids: Sequence[int], by: str, at: datetime) -> list[Outcome]:
    """Try quarantined messages again, each alone; those that were taken leave the list."""
    rows = QuarantinedMessage.objects.open().filter(id__in=ids).select_related("channel").order_by("id")
    return [_retry(row, by=by, at=at) for row in rows]


def _retry(row: QuarantinedMessage, *, by: str, at: datetime) -> Outcome:
    message = Message(body=bytes(row.body), topic=row.topic, source=row.source)
    members = list(read_members(message, channel=row.channel, format=row.format))
    _take_members(members, channel=row.channel, by=by, at=at)
    for member in members:
        if isinstance(member.said, CannotTake):
            reject = _reject(member, member.said, format=row.format)
            fail_message(row, reject, at=at)
            return Outcome("quarantined", reason=reject.reason, reject=reject)
    outcome = next((member.outcome for member in members if member.outcome), Outcome("not_an_order"))
    settle_message(row, order_id=outcome.order_id, by=by, at=at)
    return outcome


def read_members(message: Message, *, channel: Channel, format: str) -> Iterator[Member]:
    """The members of one message, each with the bytes of its own, so that one that is wrong is quarantined alone."""

    def member(said: Said, body: bytes) -> Member:
        return Member(said=said, body=body, topic=message.topic, source=message.source)

    try:
        documents = split_document(orjson.loads(message.body))
    except orjson.JSONDecodeError as error:
        yield member(cannot_take("broken_json", problem=str(error)), message.body)
        return
    mapping = mapping_named(format)
    for document in documents:
        body = message.body if len(documents) == 1 else orjson.dumps(document)
        try:
            for said in mapping.read_message(document, channel=channel.code, topic=message.topic):
                yield member(said, body)
        except (CannotTake, NotAnOrder) as refusal:
            yield member(refusal, body)


def _take_members(members: Sequence[Member], *, channel: Channel, by: str, at: datetime) -> None:
    """Place the orders together; then changes and notices one by one. A member that fails says why in `said`."""
    if not channel.active:
        for member in members:
            if not isinstance(member.said, CannotTake | NotAnOrder):
                member.said = cannot_take("inactive_channel", external_id=_external_id(member.said))
        return
    _place([member for member in members if isinstance(member.said, IncomingOrder)], by=by, at=at)
    for member in members:
        if isinstance(member.said, IncomingRefundNotice | IncomingCancellation):
            _take_notice(member, channel=channel, by=by, at=at)


def _place(members: Sequence[Member], *, by: str, at: datetime) -> None:
    """Place in one transaction; where the database itself refuses, halve until the culprit stands alone."""
    if not members:
        return
    orders = [member.said for member in members if isinstance(member.said, IncomingOrder)]
    try:
        placements = run_transaction(lambda: place_orders(orders, by=by, at=at, already_sold=True))
    except (DataError, IntegrityError) as error:
        if len(members) == 1:
            members[0].said = cannot_take("not_storable", external_id=orders[0].external_id, problem=str(error))
            return
        middle = len(members) // 2
        _place(members[:middle], by=by, at=at)
        _place(members[middle:], by=by, at=at)
        return
    for member, order, placement in zip(members, orders, placements, strict=True):
        _settle_placement(member, order, placement, by=by, at=at)


def _settle_placement(member: Member, order: IncomingOrder, placement: Placement, *, by: str, at: datetime) -> None:
    if placement.refusal:
        member.said = _as_cannot_take(placement.refusal, order.external_id)
        return
    member.outcome = Outcome("placed", placement.number, placement.order_id)
    if placement.status == "placed" and order.cancelled_at:
        member.outcome.status = "cancelled"
    if placement.status == "known":
        member.outcome.status = "known"
        if has_news(order, placement.channel_updated_at):
            _update(member, order, placement.number, by=by, at=at)


def _update(member: Member, order: IncomingOrder, number: str, *, by: str, at: datetime) -> None:
    assert member.outcome
    try:
        status: Any = run_transaction(lambda: update_order(number, order, by=by, at=at))
        member.outcome.status = status
    except CannotTake as refusal:
        member.said, member.outcome = refusal, None
    except Refused as refusal:
        member.said, member.outcome = _as_cannot_take(refusal, order.external_id), None
    except (DataError, IntegrityError) as error:
        member.said = cannot_take("not_storable", external_id=order.external_id, problem=str(error))
        member.outcome = None


def _take_notice(member: Member, *, channel: Channel, by: str, at: datetime) -> None:
    """A refund or a cancellation that came without its order."""
    notice = member.said
    assert isinstance(notice, IncomingRefundNotice | IncomingCancellation)
    order = Order.objects.filter(channel=channel, external_id=notice.external_order_id).first()
    if order is None:
        member.said = cannot_take("order_unknown", external_id=notice.external_order_id)
        return
    try:
        status = run_transaction(lambda: _apply(notice, order.number, by=by, at=at))
    except CannotTake as refusal:
        member.said = refusal
    except Refused as refusal:
        member.said = _as_cannot_take(refusal, notice.external_order_id)
    except (DataError, IntegrityError) as error:
        member.said = cannot_take("not_storable", external_id=notice.external_order_id, problem=str(error))
    else:
        member.outcome = Outcome(status, order.number, order.pk)


def _apply(notice: IncomingRefundNotice | IncomingCancellation, number: str, *, by: str, at: datetime) -> Status:
    order = Order.objects.locked(number)
    if isinstance(notice, IncomingCancellation):
        if order.status == Order.Status.CANCELLED:
            return "known"
        cancel_order(number=number, reason=notice.reason, by=by, at=at)
        return "cancelled"
    if notice.currency and notice.currency != order.currency:
        facts = {"found": notice.currency, "currency": order.currency}
        raise cannot_take("refund_currency", external_id=notice.external_order_id, **facts)
    return "updated" if record_refunds(order, [notice.refund], by=by, at=at) else "known"


def _take_waiting(members: Sequence[Member], *, channel: Channel, by: str, at: datetime) -> None:
    """Notices that came before their order waited in quarantine; now it is here."""
    arrived = [m.said.external_id for m in members if isinstance(m.said, IncomingOrder) and m.outcome]
    waiting = QuarantinedMessage.objects.open().filter(channel=channel, external_id__in=arrived, reason="order_unknown")
    retry_messages(ids=list(waiting.values_list("id", flat=True)), by=by, at=at)


def _as_cannot_take(refusal: Refused, external_id: str) -> CannotTake:
    """Our own rules' refusal as a reason for quarantine: the first wrong place names it."""
    if isinstance(refusal, Invalid) and refusal.errors:
        sentences = sorted({error.detail for error in refusal.errors})
        advice = sorted({ADVICE[error.code] for error in refusal.errors if error.code in ADVICE})
        return CannotTake(
            refusal.errors[0].code,
            " ".join([*sentences, *advice]),
            external_id=external_id,
            pointers=[error.pointer for error in refusal.errors],
        )
    return CannotTake(refusal.code, refusal.message, external_id=external_id, **_plain(refusal.facts))


def _plain(facts: Mapping[str, Any]) -> dict[str, Any]:
    return {name: fact for name, fact in facts.items() if name not in ("reason", "detail", "external_id")}


def _reject(member: Member, refusal: CannotTake, *, format: str) -> Reject:
    return Reject(
        body=member.body,
        format=format,
        reason=refusal.reason,
        detail=str(refusal),
        topic=member.topic,
        source=member.source,
        external_id=refusal.external_id,
        facts=refusal.facts,
    )


def _external_id(said: IncomingMessage) -> str:
    return said.external_id if isinstance(said, IncomingOrder) else said.external_order_id
