"""A checkout at its gateway: opened, looked after while it waits, closed when nobody is to pay any more.

Each call stands between two transactions. What is asked a second time says the same as before, under the same key.
"""

from datetime import datetime, timedelta

from django.conf import settings

from oms import events
from oms.money import round_amount
from oms.transactions import transactional
from orders.actions.money.charging import tell_end
from orders.actions.money.hearing import record_gateway_news
from orders.actions.money.reaching import reach_gateway
from orders.events import CheckoutOpened
from orders.models import Checkout, Order
from orders.payments.port import CheckoutAsk, Gateway, GatewayRefused, Opened

LOOKS = [timedelta(seconds=seconds) for seconds in (30, 60, 120, 300, 600)]
"""Waits between looks at an open page, in case the gateway's own message is lost; the last one repeats."""

State = Checkout.State


def ask_checkout(checkout: Checkout, at: datetime) -> None:
    """Do at the gateway what the checkout needs now.

    Raises:
        GatewayUnavailable
    """
    gateway = reach_gateway(checkout.gateway, checkout.order, at=at)
    if checkout.closing:
        _close(gateway, checkout, at=at)
    elif checkout.state == State.REQUESTED:
        _open(gateway, checkout, at=at)
    else:
        _look(gateway, checkout, at=at)


def _open(gateway: Gateway, checkout: Checkout, *, at: datetime) -> None:
    try:
        opened = gateway.open_checkout(describe_ask(checkout))
    except GatewayRefused as refusal:
        record_refused(checkout_id=checkout.pk, sentence=str(refusal), by=f"gateway:{gateway.code}", at=at)
    else:
        record_opened(checkout_id=checkout.pk, opened=opened, by=f"gateway:{gateway.code}", at=at)


def _close(gateway: Gateway, checkout: Checkout, *, at: datetime) -> None:
    """Where nobody knows whether a page was opened, the same question again finds it, or finds that there is none."""
    by, reference = f"gateway:{gateway.code}", checkout.reference
    try:
        if not reference:
            opened = gateway.open_checkout(describe_ask(checkout))
            record_opened(checkout_id=checkout.pk, opened=opened, by=by, at=at)
            reference = opened.reference
        news = gateway.close_checkout(reference)
    except GatewayRefused as refusal:
        record_closed(checkout_id=checkout.pk, sentence=str(refusal))
        return
    if news:
        record_gateway_news(gateway.code, news, at=at)
    record_closed(checkout_id=checkout.pk)


def _look(gateway: Gateway, checkout: Checkout, *, at: datetime) -> None:
    try:
        news = gateway.read_checkout(checkout.reference)
    except GatewayRefused as refusal:
        record_refused(checkout_id=checkout.pk, sentence=str(refusal), by=f"gateway:{gateway.code}", at=at)
        return
    if news:
        record_gateway_news(gateway.code, news, at=at)
    wait = LOOKS[min(checkout.attempts, len(LOOKS)) - 1]
    Checkout.objects.filter(id=checkout.pk).update(leased_until=None)
    Checkout.objects.filter(id=checkout.pk, state__in=Checkout.LIVE).update(run_after=at + wait)


def describe_ask(checkout: Checkout) -> CheckoutAsk:
    """What the gateway is asked: from the row alone, so that it is the same each time."""
    order = checkout.order
    return CheckoutAsk(
        key=str(checkout.key),
        order=order.number,
        amount=round_amount(checkout.amount, checkout.currency),
        currency=checkout.currency,
        title=f"{settings.SHOP_NAME} {order.external_number or order.number}",
        return_url=f"{settings.PUBLIC_URL}/orders/{order.number}/paid",
        asked_at=checkout.asked_at,
        expires_at=checkout.expires_at,
    )


@transactional
def record_opened(*, checkout_id: int, opened: Opened, by: str, at: datetime) -> Checkout:
    """The page stands. What was given up meanwhile is closed next; what was paid already stays paid."""
    checkout = _lock(checkout_id)
    checkout.reference, checkout.url = opened.reference, opened.url
    checkout.doubtful, checkout.leased_until, checkout.last_error = False, None, ""
    if checkout.state == State.REQUESTED:
        checkout.state, checkout.attempts, checkout.run_after = State.OPEN, 0, at + LOOKS[0]
        checkout.expires_at = min(checkout.expires_at, opened.expires_at)
        events.publish([_tell_opened(checkout, by=by, at=at)])
    elif checkout.state != State.PAID:
        checkout.closing, checkout.run_after = True, at
    checkout.save()
    return checkout


@transactional
def record_refused(*, checkout_id: int, sentence: str, by: str, at: datetime) -> Checkout:
    """The gateway does not ask for this money: nothing is open there."""
    checkout = _lock(checkout_id)
    checkout.doubtful = checkout.closing = False
    checkout.leased_until, checkout.last_error = None, sentence
    if checkout.state in Checkout.LIVE:
        checkout.state, checkout.closed_at = State.FAILED, at
        events.publish([tell_end(checkout, reason=sentence, by=by, at=at)])
    checkout.save()
    return checkout


@transactional
def record_closed(*, checkout_id: int, sentence: str = "") -> None:
    """Nobody can pay there any more."""
    checkout = _lock(checkout_id)
    checkout.doubtful = checkout.closing = False
    checkout.leased_until, checkout.last_error = None, sentence
    checkout.save()


def _lock(checkout_id: int) -> Checkout:
    """The order first, then the checkout."""
    number = Checkout.objects.values_list("order__number", flat=True).get(id=checkout_id)
    order = Order.objects.locked(number)
    checkout = Checkout.objects.select_for_update(no_key=True).get(id=checkout_id)
    checkout.order = order
    return checkout


def _tell_opened(checkout: Checkout, *, by: str, at: datetime) -> CheckoutOpened:
    facts = {
        "checkout": checkout.pk,
        "edit": checkout.edit_id,
        "gateway": checkout.gateway,
        "amount": str(round_amount(checkout.amount, checkout.currency)),
        "currency": checkout.currency,
        "expires_at": checkout.expires_at,
        "page": bool(checkout.url),
    }
    return CheckoutOpened(subject=checkout.order.number, by=by, at=at, facts=facts)
