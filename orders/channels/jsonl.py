"""Our own shape, the body of `POST /orders`: one order a line (JSON Lines), each line standing alone."""

from collections.abc import Mapping
from typing import Any

from oms.signing import read_key
from orders.channels.building import build_order, read_one
from orders.channels.incoming import IncomingOrder
from orders.channels.port import CannotTake, IncomingMessage, NotAnOrder
from orders.channels.reading import Part
from orders.channels.reasons import cannot_take
from orders.channels.signatures import is_signed_by_standard


def verify_signature(body: bytes, headers: Mapping[str, str], secret: str) -> bool:
    """Standard Webhooks, as our own webhooks are signed; a file that is dropped or uploaded needs none."""
    return is_signed_by_standard(body, headers, read_key(secret))


def read_message(body: Any, *, channel: str, topic: str = "") -> list[IncomingMessage | CannotTake]:
    """See `ChannelMapping`. What is no object cannot be taken; an object without any word of ours is no order."""
    if isinstance(body, dict) and body.keys() == {"order"}:
        body = body["order"]
    if not isinstance(body, dict):
        raise cannot_take("unexpected_shape", place="The line", wanted="an object", found=body)
    if not body.keys() & {"external_id", "lines", "placed_at"}:
        raise NotAnOrder
    return [read_one(Part(body), lambda order: _read_order(order, channel), id_field="external_id")]


def _read_order(order: Part, channel: str) -> IncomingOrder:
    """The order as it is; `channel` may be left out, but it must not be another one."""
    named = order.value.get("channel", channel)
    if named != channel:
        raise cannot_take("other_channel", found=named, channel=channel)
    return build_order({**order.value, "channel": channel})
