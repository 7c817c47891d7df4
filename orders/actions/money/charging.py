"""Asking somebody to pay, and taking the question back. The gateway itself is called by `asking`, after the commit."""

from datetime import datetime
from decimal import Decimal

from django.conf import settings
from django.db.models import Q, QuerySet

from oms import events
from oms.money import Money, round_amount
from oms.transactions import transactional
from orders.actions.waking import wake_gateways
from orders.errors import AmountNotCollectable
from orders.events import CheckoutEnded
from orders.models import Checkout, Edit, Order
from orders.payments.limits import find_limits
from orders.payments.registry import CODES, MANUAL, SANDBOX, STRIPE

AT_ONCE = 200

State = Checkout.State


def request_checkout(
    order: Order, *, edit: Edit | None, amount: Decimal, gateway: str, expires_at: datetime, by: str, at: datetime
) -> Checkout:
    """Write down that the customer is to be asked; the gateway is called after the commit. The order must be locked."""
    events.require_transaction("A checkout")
    checkout = Checkout.objects.create(
        order=order,
        edit=edit,
        gateway=charging_gateway(gateway, test=order.test),
        amount=amount,
        currency=order.currency,
        expires_at=expires_at,
        run_after=at,
        asked_at=at,
        asked_by=by,
    )
    wake_gateways()
    return checkout


def refuse_uncollectable(due: Money, *, gateway: str, test: bool) -> None:
    """Nobody shall wait for a page that cannot open; nothing is always collectable.

    Raises:
        AmountNotCollectable
    """
    name = charging_gateway(gateway, test=test)
    limits = find_limits(name, due.currency)
    if due and not limits.allow(due.amount):
        raise AmountNotCollectable(due, name, smallest=limits.smallest, step=limits.step)


def charging_gateway(name: str, *, test: bool) -> str:
    """The gateway of that name, where it can be reached from here. A test order moves no money, a sandbox's at most."""
    if test:
        return SANDBOX if settings.SANDBOX_GATEWAY else MANUAL
    if name == STRIPE and not settings.STRIPE_SECRET_KEY:
        return MANUAL
    return name if name in CODES else MANUAL


def cancel_checkouts(order: Order, *, edit: Edit | None = None, by: str, at: datetime) -> int:
    """Ask no more for what is not needed; the gateway is told after the commit. The order must be locked; how many."""
    events.require_transaction("The end of a checkout")
    asked = Checkout.objects.filter(order=order)
    ended = end_checkouts(asked.filter(edit=edit) if edit else asked, state=State.CANCELED, at=at)
    events.publish([tell_end(checkout, by=by, at=at) for checkout in ended])
    return len(ended)


@transactional
def expire_checkouts(*, at: datetime) -> int:
    """End those that nobody paid in time; how many there were."""
    late = Checkout.objects.filter(expires_at__lte=at).order_by("expires_at")
    ended = end_checkouts(late, state=State.EXPIRED, at=at, limit=AT_ONCE)
    events.publish([tell_end(checkout, by="system", at=at) for checkout in ended])
    return len(ended)


def end_checkouts(asked: QuerySet[Checkout], *, state: str, at: datetime, limit: int | None = None) -> list[Checkout]:
    """Those of them that are alive, ended. Where a page stands at the gateway, or may, it is still to be closed."""
    live = asked.filter(state__in=Checkout.LIVE).select_for_update(no_key=True, of=("self",))
    ended = list(live.select_related("order")[:limit])
    rows = Checkout.objects.filter(id__in=[checkout.pk for checkout in ended])
    maybe_there = ~Q(reference="") | Q(doubtful=True)
    rows.filter(maybe_there).update(closing=True, run_after=at)
    rows.update(state=state, closed_at=at)
    for checkout in ended:
        checkout.state = state
    if ended:
        wake_gateways()
    return ended


def tell_end(checkout: Checkout, *, reason: str = "", by: str, at: datetime) -> CheckoutEnded:
    facts = {
        "checkout": checkout.pk,
        "edit": checkout.edit_id,
        "state": checkout.state,
        "amount": str(round_amount(checkout.amount, checkout.currency)),
        "currency": checkout.currency,
        "reason": reason,
    }
    return CheckoutEnded(subject=checkout.order.number, by=by, at=at, facts=facts)
