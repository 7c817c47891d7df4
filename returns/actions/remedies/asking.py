"""Asking the customer for what new goods cost more than the old ones."""

from datetime import datetime, timedelta
from decimal import Decimal

from oms.money import round_amount
from orders.actions.money.charging import charging_gateway, request_checkout
from orders.actions.money.giving import credit_goods
from orders.actions.money.settling import settle_order
from orders.models import Checkout, Order
from orders.payments.limits import find_limits

PAGE_STAYS = timedelta(days=7)
"""How long the customer can pay the difference on one page."""


def ask_difference(new: Order, amount: Decimal, *, by: str, at: datetime) -> None:
    """Ask the customer for what the new goods cost more; asked already, nothing happens. The order must be locked.

    Less than any gateway asks for is forgiven.
    """
    gateway = charging_gateway(new.channel.gateway, test=new.test)
    amount = round_amount(amount, new.currency)
    if amount < find_limits(gateway, new.currency).smallest:
        credit_goods(new, amount, at=at)
        settle_order(new, by=by, at=at)
    elif not Checkout.objects.filter(order=new, state__in=Checkout.LIVE, amount=amount).exists():
        request_checkout(new, edit=None, amount=amount, gateway=gateway, expires_at=at + PAGE_STAYS, by=by, at=at)
