"""What a payment gateway must offer: ask for money, give it back, say what happened. One module a gateway, each pure.

Amounts are decimals in the currency's minor unit. Every write bears a key that was stored before the gateway was asked;
the same key again is the same deed. Two things can go wrong, and they are told apart everywhere:
`GatewayRefused` is final, `GatewayUnavailable` means that nobody knows whether it was done.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from typing import Protocol


class GatewayRefused(Exception):
    """It will not do it, now or later; the message is a plain sentence for staff."""


class GatewayUnavailable(Exception):
    """No answer, or not now: ask again with the same key. `retry_after`: not before so many seconds."""

    def __init__(self, sentence: str, *, retry_after: float = 0) -> None:
        super().__init__(sentence)
        self.retry_after = retry_after


class NotNews(ValueError):
    """The body is none of the gateway's messages."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckoutAsk:
    """Money that somebody is asked for. Asked again it must say the same, to the last digit: the key holds it to that.

    After `expires_at` we do not want it any more. `return_url` is where the customer goes from the gateway's page.
    """

    key: str
    order: str
    amount: Decimal
    currency: str
    title: str
    return_url: str
    asked_at: datetime
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class Opened:
    """The gateway waits for the customer. No `url`: it has no page, somebody tells the customer how to pay."""

    reference: str
    url: str
    expires_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class RefundAsk:
    """A part of one payment that should go back.

    `identity` names the repayment for good, `key` this attempt of it (staff may send it again under a new key).
    `again`: it was asked before and the answer was lost, so look first. `reference`: the gateway's own id, once known.
    `charged` is the whole payment.
    """

    identity: str
    key: str
    order: str
    payment_reference: str
    charged: Decimal
    amount: Decimal
    currency: str
    reason: str = ""
    again: bool = False
    reference: str = ""


@dataclass(frozen=True, slots=True)
class Refunded:
    """The money is on its way back."""

    reference: str


@dataclass(frozen=True, slots=True)
class Pending:
    """The gateway works on it; it will say how it ended."""

    reference: str


@dataclass(frozen=True, slots=True)
class ByHand:
    """This gateway cannot do it by itself: a person must. `sentence` says why."""

    sentence: str


RefundAnswer = Refunded | Pending | ByHand


class NewsKind(StrEnum):
    CHECKOUT_PAID = "checkout_paid"
    CHECKOUT_EXPIRED = "checkout_expired"
    PAYMENT_FAILED = "payment_failed"
    REFUND_PENDING = "refund_pending"
    REFUND_DONE = "refund_done"
    REFUND_FAILED = "refund_failed"
    DISPUTE_OPENED = "dispute_opened"
    OTHER = "other"


@dataclass(frozen=True, slots=True, kw_only=True)
class GatewayNews:
    """One thing that a gateway says has happened; the same `external_id` is the same message told again.

    `type` is its own word for it. `reference` names the checkout, refund or dispute there, `key` is what we called it.
    """

    external_id: str
    kind: NewsKind
    type: str
    reference: str = ""
    key: str = ""
    payment_reference: str = ""
    amount: Decimal = Decimal(0)
    currency: str = ""
    detail: str = ""


class Gateway(Protocol):
    """Each call may raise GatewayRefused or GatewayUnavailable."""

    code: str
    can_charge: bool
    """It has a page where customers pay."""
    can_refund: bool
    """It gives money back by itself."""

    def open_checkout(self, ask: CheckoutAsk) -> Opened:
        """Ask the customer to pay."""

    def read_checkout(self, reference: str) -> GatewayNews | None:
        """What has become of it; None while nothing has."""

    def close_checkout(self, reference: str) -> GatewayNews | None:
        """Make sure that nobody can pay there any more; the news when it was paid meanwhile. Twice is harmless."""

    def refund(self, ask: RefundAsk) -> RefundAnswer:
        """Give back a part of a payment, never more than is left of it; or say how it stands."""

    def verify_webhook(self, body: bytes, headers: Mapping[str, str], secret: str) -> bool:
        """True when the gateway itself signed these raw bytes, lately; never true for an empty secret."""

    def read_news(self, body: bytes) -> list[GatewayNews]:
        """What a message says.

        Raises:
            NotNews: it is none.
        """
