"""Gateways that tests speak with, and what is asked of them."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import transaction

from orders.actions.cancelling import cancel_order
from orders.actions.money.asking import ask_gateways
from orders.actions.money.charging import cancel_checkouts, request_checkout
from orders.actions.money.hearing import record_gateway_news
from orders.actions.money.paying import Receipt, record_payment
from orders.actions.money.repaying import repay_surplus
from orders.models import Checkout, GatewayMessage, Order, Repayment
from orders.payments.stripe_gateway import StripeGateway
from tests.fakes.stripe_server import SECRET_KEY, WEBHOOK_SECRET, StripeServer, signed_event
from tests.make.moments import ADA, NOON, ONE_MINUTE
from tests.make.orders import placed_order

SOON = NOON + ONE_MINUTE
LATER = NOON + 10 * ONE_MINUTE
DEADLINE = NOON + 30 * ONE_MINUTE


@pytest.fixture
def stripe(settings: Any) -> Iterator[StripeServer]:
    """Stripe, where it is noon, and a shop that has an account there."""
    with StripeServer() as server:
        server.account.now = NOON.timestamp
        settings.STRIPE_SECRET_KEY, settings.STRIPE_WEBHOOK_SECRET = SECRET_KEY, WEBHOOK_SECRET
        settings.STRIPE_API_BASE = server.url
        yield server


def unpaid_order(**fields: Any) -> Order:
    """19.90 EUR are owed."""
    return placed_order(payment=None, **fields)


def paid_by_stripe(stripe: StripeServer, amount: str = "19.90", **fields: Any) -> Order:
    """An order of 19.90 EUR of which so much lies at Stripe."""
    intent = stripe.account.take(int(Decimal(amount) * 100), "eur")["id"]
    payment = {"status": "PAID", "gateway": "stripe", "reference": intent, "amount": amount}
    return placed_order(payment=payment, **fields)


def pay_more(order: Order, amount: str, *, gateway: str = "manual", reference: str = "", at: datetime = SOON) -> None:
    """Money comes in that nobody asked for."""
    receipt = Receipt(amount=Decimal(amount), currency=order.currency, gateway=gateway, reference=reference)
    record_payment(number=order.number, receipt=receipt, by=ADA, at=at)


def ask_to_pay(
    order: Order,
    amount: str = "19.90",
    *,
    gateway: str = "stripe",
    expires_at: datetime = DEADLINE,
    at: datetime = NOON,
) -> Checkout:
    """Write down that the customer is to be asked."""
    with transaction.atomic():
        locked = Order.objects.locked(order.number)
        return request_checkout(
            locked, edit=None, amount=Decimal(amount), gateway=gateway, expires_at=expires_at, by=ADA, at=at
        )


def open_page(order: Order, amount: str = "19.90", *, gateway: str = "stripe") -> Checkout:
    """A checkout whose page the gateway has opened."""
    checkout = ask_to_pay(order, amount, gateway=gateway)
    ask_gateways(at=NOON)
    checkout.refresh_from_db()
    assert checkout.state == Checkout.State.OPEN, checkout.last_error
    return checkout


def take_question_back(order: Order, *, at: datetime = SOON) -> int:
    with transaction.atomic():
        return cancel_checkouts(Order.objects.locked(order.number), by=ADA, at=at)


def repay(order: Order, *, reason: str = "Too much", at: datetime = SOON) -> list[Repayment]:
    with transaction.atomic():
        return repay_surplus(Order.objects.locked(order.number), reason=reason, by=ADA, at=at)


def cancelled(order: Order, *, at: datetime = SOON) -> Repayment:
    """All of its money is owed back by one repayment."""
    cancel_order(number=order.number, reason="", by=ADA, at=at)
    return Repayment.objects.get(order=order)


def hear(event: dict[str, Any], *, at: datetime = LATER) -> str:
    """Stripe tells of it; what came of that."""
    body, _ = signed_event(event)
    (news,) = StripeGateway(SECRET_KEY).read_news(body)
    return record_gateway_news("stripe", news, at=at).outcome


def look(row: Any) -> Any:
    """The row as it is now."""
    return type(row).objects.get(pk=row.pk)


def money(order: Order) -> tuple[str, str, str]:
    """Paid, refunded, and what is still owed."""
    now = look(order)
    return f"{now.paid:.2f}", f"{now.refunded:.2f}", f"{now.balance.amount:.2f}"


def heard() -> int:
    return GatewayMessage.objects.count()


def hours(number: int) -> timedelta:
    return timedelta(hours=number)
