"""Asking another system, outside of any transaction: what it did, or what kept it, as a value to be recorded."""

import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.conf import settings

from orders.channels.outgoing.desired import read_desired
from orders.channels.outgoing.differing import Difference, find_differences, find_line_names
from orders.channels.outgoing.partner import post_message
from orders.channels.outgoing.port import (
    Access,
    ChannelBusy,
    ChannelCopy,
    ChannelError,
    ChannelRefused,
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

    `names`: ids that the channel has given to lines of ours.
    """

    state: str
    trouble: ChannelError | None = None
    differences: Sequence[Difference] = ()
    names: Mapping[int, str] = field(default_factory=dict)


def access_of(target: WriteBackTarget) -> Access:
    """How that system is reached."""
    return Access(target.url, target.key, target.secret, allow_private=settings.CALL_PRIVATE_ADDRESSES)


def channel_of(target: WriteBackTarget) -> OutgoingChannel:
    """The adapter that speaks with that system; it must not be a partner."""
    return open_channel(target.kind, access_of(target))


def tell_target(message: WriteBack, *, keep: Keep, at: datetime) -> Told:
    """Send the message, or, when it was sent, look whether it was done."""
    if message.target.is_partner:
        return _tell_partner(message, at=at)
    channel = channel_of(message.target)
    desired = desired_of(message)
    if message.state == State.WAITING:
        trouble = attempt(lambda: _push(channel, message, desired, keep))
        if trouble:
            return Told(State.FAILED if isinstance(trouble, ChannelRefused) else State.WAITING, trouble)
    return look_whether_done(channel, message, desired)


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


def desired_of(message: WriteBack) -> Desired:
    """What the message says, with the names of lines that were learnt since it was queued."""
    learnt = dict(OrderLine.objects.filter(order=message.order_id).values_list("id", "external_id"))
    return read_desired(message.body["order"], learnt)


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
