"""Asking another system, outside of any transaction: what it did, or what kept it, as a value to be recorded."""

import logging
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.conf import settings

from orders.channels.outgoing.desired import read_desired, read_shipment
from orders.channels.outgoing.differing import Difference, find_differences, find_line_names
from orders.channels.outgoing.partner import post_message
from orders.channels.outgoing.port import (
    Access,
    ChannelBusy,
    ChannelCopy,
    ChannelCredit,
    ChannelError,
    ChannelOrder,
    ChannelRefused,
    ChannelShipment,
    ChannelUnavailable,
    Desired,
    Keep,
    OutgoingChannel,
)
from orders.channels.outgoing.registry import open_channel
from orders.models import OrderLine, WriteBack, WriteBackTarget

log = logging.getLogger(__name__)

Kind, State = WriteBack.Kind, WriteBack.State


@dataclass(frozen=True)
class Told:
    """How far it came. `state` is what the message is now; a `trouble` says why it came no further.

    `names`: ids that the channel has given to lines of ours. `reference`: what it calls what was made there.
    """

    state: str
    trouble: ChannelError | None = None
    differences: Sequence[Difference] = ()
    names: Mapping[int, str] = field(default_factory=dict)
    reference: str = ""


@dataclass(frozen=True)
class Letter:
    """A message with all that is needed to send it, so that whoever does needs no database.

    `learnt`: names of the order's lines that were learnt since it was queued. `known_as` is what the channel calls the
    parcel that it is about, `others` what it calls the order's other parcels.
    """

    message: WriteBack
    learnt: Mapping[int, str]
    known_as: str = ""
    others: frozenset[str] = frozenset()


def access_of(target: WriteBackTarget) -> Access:
    """How that system is reached."""
    return Access(
        target.url,
        target.key,
        target.secret,
        account=target.account,
        marketplace=target.marketplace,
        seller=target.seller,
        location=target.location,
        sign_in_url=target.sign_in_url,
        allow_private=settings.CALL_PRIVATE_ADDRESSES,
    )


def channel_of(target: WriteBackTarget) -> OutgoingChannel:
    """The adapter that speaks with that system; it must not be a partner."""
    return open_channel(target.kind, access_of(target))


def write_letters(messages: Sequence[WriteBack]) -> list[Letter]:
    """In two statements, however many there are."""
    names: dict[int, dict[int, str]] = defaultdict(dict)
    lines = OrderLine.objects.filter(order__in={message.order_id for message in messages if _is_to_channel(message)})
    for order_id, line_id, name in lines.values_list("order_id", "id", "external_id"):
        names[order_id][line_id] = name
    parcels = [message for message in messages if message.kind in WriteBack.OF_PARCELS and _is_to_channel(message)]
    known: dict[tuple[int, int], dict[int, str]] = defaultdict(dict)
    shown = WriteBack.objects.filter(kind=Kind.FULFILLMENT, order__in={message.order_id for message in parcels})
    told = shown.exclude(external_id="").order_by("sequence")
    for row in told.only("order_id", "target_id", "shipment_id", "external_id"):
        known[row.order_id, row.target_id][row.shipment_id or 0] = row.external_id
    return [_write_letter(message, names, known[message.order_id, message.target_id]) for message in messages]


def _is_to_channel(message: WriteBack) -> bool:
    return not message.target.is_partner


def _write_letter(message: WriteBack, names: Mapping[int, Mapping[int, str]], known: Mapping[int, str]) -> Letter:
    others = (name for key, said in known.items() if key != message.shipment_id for name in said.split(","))
    known_as = known.get(message.shipment_id or 0, "")
    return Letter(message, names.get(message.order_id, {}), known_as=known_as, others=frozenset(others))


def tell_target(message: WriteBack, *, keep: Keep, at: datetime) -> Told:
    """Send the message, or, when it was sent, look whether it was done."""
    (letter,) = write_letters([message])
    return send_letter(letter, keep=keep, at=at)


def send_letter(letter: Letter, *, keep: Keep, at: datetime) -> Told:
    """The same without a look into the database, but for what is kept."""
    message = letter.message
    if message.target.is_partner:
        return _tell_partner(message, at=at)
    channel = channel_of(message.target)
    if message.kind in WriteBack.OF_PARCELS:
        return _show_parcel(channel, letter, keep)
    if message.kind == Kind.CREDIT:
        return _give_credit(channel, message, keep)
    desired = read_desired(message.body["order"], letter.learnt)
    if message.state == State.WAITING:
        trouble = attempt(lambda: _push(channel, message, desired, keep))
        if trouble:
            return Told(State.FAILED if isinstance(trouble, ChannelRefused) else State.WAITING, trouble)
    return look_whether_done(channel, message, desired)


def _show_parcel(channel: OutgoingChannel, letter: Letter, keep: Keep) -> Told:
    """Its answer is the acknowledgement: it has told us how it calls what it has made."""
    names: list[str] = []
    message = letter.message

    def show() -> None:
        shipment = shipment_of(letter)
        tells = message.kind == Kind.TRACKING
        names.append(channel.push_tracking(shipment) if tells else channel.push_fulfillment(shipment, keep=keep))

    if trouble := attempt(show):
        return Told(State.FAILED if isinstance(trouble, ChannelRefused) else State.WAITING, trouble)
    return Told(State.ACKNOWLEDGED, reference=names[0][:255])


def _give_credit(channel: OutgoingChannel, message: WriteBack, keep: Keep) -> Told:
    """Its answer is the acknowledgement, too."""
    said, order = message.body["credit"], message.body["order"]
    credit = ChannelCredit(
        order=ChannelOrder(order["external_id"], order["number"], said["currency"]),
        amount=Decimal(said["amount"]),
        currency=said["currency"],
        expires_at=datetime.fromisoformat(said["expires_at"]) if said["expires_at"] else None,
        noted=message.progress,
    )
    names: list[str] = []
    if trouble := attempt(lambda: names.append(channel.give_credit(credit, keep=keep))):
        return Told(State.FAILED if isinstance(trouble, ChannelRefused) else State.WAITING, trouble)
    return Told(State.ACKNOWLEDGED, reference=names[0][:255])


def shipment_of(letter: Letter) -> ChannelShipment:
    """What the message says of its parcel."""
    message = letter.message
    assert message.shipment_id is not None
    return read_shipment(
        message.body["order"],
        message.body["shipment"],
        letter.learnt,
        reference=message.shipment_id,
        known_as=letter.known_as,
        others=letter.others,
        noted=message.progress,
    )


def look_whether_done(channel: OutgoingChannel, message: WriteBack, desired: Desired) -> Told:
    """Read the copy: acknowledged when it is as it should be."""
    copies: list[ChannelCopy] = []
    trouble = attempt(lambda: copies.append(channel.read_order(desired.order.external_id)))
    if trouble:
        return Told(State.FAILED if isinstance(trouble, ChannelRefused) else State.SENT, trouble)
    (copy,) = copies
    differences = judge_copy(message.kind, desired, copy)
    names = name_lines(message.body["order"], desired, copy)
    return Told(State.MISMATCHED if differences else State.ACKNOWLEDGED, differences=differences, names=names)


def judge_copy(kind: str, desired: Desired, copy: ChannelCopy) -> list[Difference]:
    """What differs in what the message was about."""
    if kind == Kind.HOLD:
        return [] if copy.held or copy.cancelled else [Difference("hold", "", "held", "not held")]
    if kind == Kind.RELEASE:
        return []  # others may hold it there, too
    return find_differences(desired, copy)


def name_lines(document: Mapping[str, Any], desired: Desired, copy: ChannelCopy) -> dict[int, str]:
    """The channel's ids of lines that bore another one, or none, by our ids."""
    ids = {line: each["id"] for line, each in zip(desired.lines, document["lines"], strict=True)}
    return {ids[line]: name for line, name in find_line_names(desired, copy)}


def attempt(work: Any) -> ChannelError | None:
    """Run it; what kept it from being done. An answer that makes no sense is no answer."""
    try:
        work()
    except ChannelError as error:
        return error
    except Exception as error:  # whatever another system makes us stumble over must not stop the others
        log.exception("Another system's answer could not be read")
        return ChannelUnavailable(f"Its answer makes no sense ({type(error).__name__}).")
    return None


def _push(channel: OutgoingChannel, message: WriteBack, desired: Desired, keep: Keep) -> None:
    if message.kind == Kind.EDIT:
        channel.push_edit(desired, keep=keep)
    elif message.kind == Kind.CANCEL:
        channel.cancel_order(desired.order, reason=desired.reason)
    elif message.kind == Kind.HOLD:
        reasons = [str(hold["detail"] or hold["reason"]) for hold in message.body["order"]["holds"]]
        channel.hold(desired.order, reason="; ".join(reasons) or "Held")
    else:
        channel.release(desired.order)


def _tell_partner(message: WriteBack, *, at: datetime) -> Told:
    """2xx is not yet an acknowledgement: that comes by a call of the partner's."""
    document = {
        "type": message.body["type"],
        "timestamp": message.made_at.isoformat(),
        "data": {
            **{name: value for name, value in message.body.items() if name != "type"},
            "sequence": message.sequence,
            "acknowledgement": f"{settings.PUBLIC_URL}/api/v1/write-backs/{message.key}/acknowledgement",
        },
    }
    access = access_of(message.target)
    trouble = attempt(lambda: post_message(access, key=str(message.key), document=document, at=at))
    if trouble is None:
        return Told(State.SENT)
    return Told(State.FAILED if isinstance(trouble, ChannelRefused) else message.state, trouble)


def wait_asked_for(trouble: ChannelError | None) -> float | None:
    """Seconds, where the other side has said how long to wait."""
    return trouble.retry_after if isinstance(trouble, ChannelBusy) else None
