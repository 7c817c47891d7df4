"""What a channel's mapping must offer. One module a channel, each pure: a parsed message in, `IncomingOrder`s out."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from orders.channels.incoming import IncomingOrder, IncomingRefund


class CannotTake(Exception):
    """A message that cannot become an order: kept in quarantine with `reason` (stable) and a plain sentence.

    `external_id` names the order where the message does; `facts` are for machines. All codes: `reasons.py`.
    """

    def __init__(self, reason: str, detail: str, *, external_id: str = "", **facts: Any) -> None:
        super().__init__(detail)
        self.reason = reason
        self.detail = detail
        self.external_id = external_id
        self.facts = facts


class NotAnOrder(Exception):
    """A message of another kind (a product, a customer, a count): no order in it, and nothing wrong with it.

    `reason` is stable, so that a report can say how many there were of which kind.
    """

    def __init__(self, detail: str = "It is of another kind.", *, reason: str = "other_kind") -> None:
        super().__init__(detail)
        self.reason = reason
        self.detail = detail


@dataclass(frozen=True, slots=True)
class IncomingRefundNotice:
    """A refund that came alone, without its order (Shopify `refunds/create`).

    `currency` is the amount's, where the message says it; an order in another one must not take the refund.
    """

    external_order_id: str
    refund: IncomingRefund
    currency: str = ""


@dataclass(frozen=True, slots=True)
class IncomingCancellation:
    """A cancellation that came alone, without its order. `cancelled_at` None: when it was received."""

    external_order_id: str
    cancelled_at: datetime | None = None
    reason: str = ""


IncomingMessage = IncomingOrder | IncomingRefundNotice | IncomingCancellation


class ChannelMapping(Protocol):
    """How one channel's messages are read. Each module beside this one offers these two functions."""

    def read_message(self, body: Any, *, channel: str, topic: str = "") -> list[IncomingMessage | CannotTake]:
        """What one parsed body says, each order once; a body with several orders may hold some that cannot be taken.

        Raises:
            NotAnOrder: it is of another kind.
            CannotTake: it is an order, but one that cannot be taken.
        """

    def verify_signature(self, body: bytes, headers: Mapping[str, str], secret: str) -> bool:
        """True when the channel itself signed these raw bytes; never true for an empty secret."""
