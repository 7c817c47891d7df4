"""Money of an exchange that is owed back: it goes home to the order it came from, and from there to its payments."""

from datetime import datetime
from decimal import Decimal

from oms.transactions import transactional
from orders.actions.money.repaying import repay_surplus
from orders.actions.money.settling import settle_financial_status
from orders.models import Order, Refund
from orders.payments.port import (
    CheckoutAsk,
    GatewayRefused,
    Opened,
    RefundAnswer,
    RefundAsk,
    Refunded,
)
from orders.payments.silent import SilentGateway
from returns.models import Homecoming

CODE = "exchange"
BY = f"gateway:{CODE}"


class ExchangeGateway(SilentGateway):
    """What paid for a new order was the value of old goods: nobody is charged here, and it finds back home."""

    code = CODE

    def __init__(self, at: datetime) -> None:
        self._at = at

    def open_checkout(self, ask: CheckoutAsk) -> Opened:
        raise GatewayRefused("Nobody pays with an exchange by a page.")

    def refund(self, ask: RefundAsk) -> RefundAnswer:
        bring_home(key=ask.identity, reference=ask.payment_reference, amount=ask.amount, at=self._at)
        return Refunded(f"home-{ask.identity}")


def open_exchange_gateway(order: Order, at: datetime) -> ExchangeGateway:
    return ExchangeGateway(at)


@transactional
def bring_home(*, key: str, reference: str, amount: Decimal, at: datetime) -> None:
    """So much of an exchange was none: the first order owes it again, and sends it back to its payments. The same key
    again changes nothing.

    Raises:
        GatewayRefused: there is no such exchange, or less of it is left.
    """
    number = Refund.objects.filter(gateway=CODE, external_id=reference).values_list("order__number", flat=True).first()
    if number is None:
        raise GatewayRefused("The order that this money came from is not known.")
    order = Order.objects.locked(number)
    if Homecoming.objects.filter(key=key).exists():
        return
    moved = Refund.objects.filter(order=order, gateway=CODE, external_id=reference).first()
    if moved is None or moved.amount < amount:
        raise GatewayRefused(f"Less than {amount} {order.currency} of that exchange are left.")

    Homecoming.objects.create(key=key, of=order, reference=reference, amount=amount, currency=order.currency, at=at)
    moved.amount -= amount
    moved.save(update_fields=["amount"])  # one of nothing stays: it says what there was
    settle_financial_status(order, at=at)
    repay_surplus(order, reason=moved.reason, by=BY, at=at)
