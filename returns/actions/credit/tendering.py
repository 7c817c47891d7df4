"""Store credit as a way to pay for orders: what such a payment is refunded as is credit again."""

from collections.abc import Mapping
from datetime import datetime

from oms.errors import Refused
from orders.models import Order
from orders.payments.port import (
    CheckoutAsk,
    GatewayNews,
    GatewayRefused,
    NotNews,
    Opened,
    RefundAnswer,
    RefundAsk,
    Refunded,
)
from returns.actions.credit.reversing import reverse_capture

CODE = "store_credit"


class StoreCreditGateway:
    """A payment's reference is its authorization. Nobody is sent to a page: who has credit shows its code at the till,
    or is signed in at the shop.
    """

    code = CODE
    can_charge = False
    can_refund = True

    def __init__(self, at: datetime) -> None:
        self._at = at

    def open_checkout(self, ask: CheckoutAsk) -> Opened:
        return Opened(reference=ask.key, url="", expires_at=ask.expires_at)

    def read_checkout(self, reference: str) -> GatewayNews | None:
        return None

    def close_checkout(self, reference: str) -> GatewayNews | None:
        return None

    def refund(self, ask: RefundAsk) -> RefundAnswer:
        """By the repayment's identity, so that it happens once however often staff send it again."""
        try:
            reverse_capture(
                authorization_key=ask.payment_reference,
                amount=ask.amount,
                key=ask.identity,
                by=f"gateway:{CODE}",
                at=self._at,
            )
        except Refused as refusal:
            raise GatewayRefused(refusal.message) from refusal
        return Refunded(f"credit-{ask.identity}")

    def verify_webhook(self, body: bytes, headers: Mapping[str, str], secret: str) -> bool:
        return False

    def read_news(self, body: bytes) -> list[GatewayNews]:
        raise NotNews("Store credit lives in the product and sends no messages.")


def open_credit_gateway(order: Order, at: datetime) -> StoreCreditGateway:
    return StoreCreditGateway(at)
