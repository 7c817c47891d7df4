"""Store credit as a way to pay for orders: what such a payment is refunded as is credit again."""

from datetime import datetime

from oms.errors import Refused
from orders.models import Order
from orders.payments.port import (
    GatewayRefused,
    RefundAnswer,
    RefundAsk,
    Refunded,
)
from orders.payments.silent import SilentGateway
from returns.actions.credit.reversing import reverse_capture

CODE = "store_credit"


class StoreCreditGateway(SilentGateway):
    """A payment's reference is its authorization. Nobody is sent to a page: who has credit shows its code at the till,
    or is signed in at the shop.
    """

    code = CODE

    def __init__(self, at: datetime) -> None:
        self._at = at

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


def open_credit_gateway(order: Order, at: datetime) -> StoreCreditGateway:
    return StoreCreditGateway(at)
