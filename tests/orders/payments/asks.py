"""What gateways are asked, and a sandbox that remembers in memory."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import uuid4

from orders.channels.outgoing.port import ChannelBusy, ChannelOrder, ChannelRefused, ChannelUnavailable
from orders.payments.port import CheckoutAsk, RefundAsk
from orders.payments.sandbox import Charge


def now() -> datetime:
    """To the second, as gateways count."""
    return datetime.now(UTC).replace(microsecond=0)


def checkout_ask(**changes: Any) -> CheckoutAsk:
    at = now()
    fields = {
        "key": str(uuid4()),
        "order": "1001",
        "amount": Decimal("19.90"),
        "currency": "EUR",
        "title": "Morrow 1001",
        "return_url": "https://shop.example/orders/1001/paid",
        "asked_at": at,
        "expires_at": at + timedelta(minutes=30),
    }
    return CheckoutAsk(**(fields | changes))


def refund_ask(payment: str, **changes: Any) -> RefundAsk:
    identity = str(uuid4())
    fields = {
        "identity": identity,
        "key": identity,
        "order": "1001",
        "payment_reference": payment,
        "charged": Decimal("19.90"),
        "amount": Decimal("5.00"),
        "currency": "EUR",
        "reason": "Edit 7",
    }
    return RefundAsk(**(fields | changes))


class MemoryLedger:
    """Charges in a dict."""

    def __init__(self) -> None:
        self.charges: dict[str, Charge] = {}

    @contextmanager
    def turn(self, name: str) -> Iterator[None]:
        yield

    def find(self, reference: str) -> Charge | None:
        return self.charges.get(reference)

    def find_by_key(self, key: str) -> Charge | None:
        return next((charge for charge in self.charges.values() if charge.key == key), None)

    def write(self, charge: Charge) -> None:
        self.charges[charge.reference] = charge


class TillOfAChannel:
    """The refunding half of a channel, with the rules that all of them have. `trouble` happens to the next call."""

    def __init__(self, paid: Decimal = Decimal("19.90")) -> None:
        self.left = paid
        self.refunds: dict[str, str] = {}
        self.trouble: Exception | None = None

    def refund(self, order: ChannelOrder, *, amount: Decimal, currency: str, key: str, reason: str) -> str:
        if self.trouble:
            trouble, self.trouble = self.trouble, None
            raise trouble
        if key not in self.refunds:
            if amount > self.left:
                raise ChannelRefused("More than was captured.")
            self.left -= amount
            self.refunds[key] = f"r{len(self.refunds) + 1}"
        return self.refunds[key]


BUSY, AWAY = ChannelBusy("Asked too often.", retry_after=3), ChannelUnavailable("No answer.")
