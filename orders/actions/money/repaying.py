"""Sending money back: what is owed back is split over the payments it came by. `asking` calls the gateways."""

from collections.abc import Collection, Sequence
from datetime import datetime
from decimal import Decimal

from django.conf import settings
from django.db.models import Sum

from oms import events
from oms.money import round_amount
from oms.reading import fetch_objects
from oms.sql import fetch_all
from oms.transactions import transactional
from oms.writing import insert_objects
from orders.actions.waking import wake_gateways
from orders.errors import NothingOwedBack, RepaymentNotFound, RepaymentNotOpen
from orders.events import OrderEvent, RepaymentRequested, RepaymentWithdrawn
from orders.models import Edit, Order, Payment, Repayment, WriteBackTarget
from orders.payments.registry import CHANNEL, MANUAL, SANDBOX, STRIPE, choose_refund_gateway
from orders.policies.repaying import Repayable, Unlinked, deduct_unlinked, split_surplus

NOTHING = Decimal(0)

State = Repayment.State


def repay_surplus(order: Order, *, reason: str, edit: Edit | None = None, by: str, at: datetime) -> list[Repayment]:
    """Send back what was paid beyond what is owed; [] when there is nothing. The order must be locked.

    What is still to go back counts as gone, so asking twice sends once. Where more is on its way than is owed back, as
    after an edit that costs more again, that which no gateway has seen yet is withdrawn.
    """
    surplus, standing = _withdraw_unowed(order, by=by, at=at)
    if surplus <= 0:
        return []

    payments = fetch_objects(Payment, "WHERE order_id = %s AND status = 'CAPTURED' ORDER BY id", [order.pk])
    shares = split_surplus(surplus, _repayable(order, payments, standing))
    gateways = gateways_of(order, payments)
    repayments = [
        Repayment(
            order=order,
            payment_id=share.payment,
            edit=edit,
            gateway=gateways[share.payment],
            state=_first_state(gateways[share.payment]),
            amount=round_amount(share.amount, order.currency),
            currency=order.currency,
            reason=reason[:255],
            run_after=at,
            asked_at=at,
            asked_by=by,
        )
        for share in shares
    ]
    insert_objects(*repayments)
    events.publish([tell_repayment(RepaymentRequested, repayment, by=by, at=at) for repayment in repayments])
    wake_gateways()
    return repayments


def withdraw_unowed(order: Order, *, by: str, at: datetime) -> Decimal:
    """Take back what is not owed any more, the newest first, as far as no gateway can have done it.

    What is owed back and not on its way; below zero where more goes back than is owed, and it is too late. The order
    must be locked.
    """
    return _withdraw_unowed(order, by=by, at=at)[0]


def _withdraw_unowed(order: Order, *, by: str, at: datetime) -> tuple[Decimal, list[Repayment]]:
    """The same, and what still stands."""
    events.require_transaction("A repayment")
    standing = _lock_standing(order)
    surplus = -order.balance.amount - sum((repayment.amount for repayment in standing), NOTHING)
    withdrawn: list[Repayment] = []
    for repayment in reversed(standing):
        if surplus < 0 and repayment.is_retractable:
            repayment.state = State.WITHDRAWN
            withdrawn.append(repayment)
            surplus += repayment.amount
    Repayment.objects.bulk_update(withdrawn, ["state"])
    events.publish([tell_repayment(RepaymentWithdrawn, repayment, by=by, at=at) for repayment in withdrawn])
    return surplus, [repayment for repayment in standing if repayment.state != State.WITHDRAWN]


_STANDING = """
WHERE order_id = %s AND state IN ('WAITING', 'BY_HAND', 'PENDING', 'FAILED') ORDER BY id FOR NO KEY UPDATE
"""


def _lock_standing(order: Order) -> list[Repayment]:
    """What is still to go back of the locked order, oldest first."""
    standing = fetch_objects(Repayment, _STANDING, [order.pk])
    for repayment in standing:
        repayment.order = order
    return standing


@transactional
def retry_repayment(*, repayment_id: int, by: str, at: datetime) -> Repayment:
    """Send one that failed again, under a new key: the gateway would only repeat its no to the old one.

    Raises:
        RepaymentNotFound, RepaymentNotOpen.
        NothingOwedBack: the order owes the customer less by now.
    """
    order, repayment = lock_repayment(repayment_id)
    if repayment.state != State.FAILED:
        raise RepaymentNotOpen(repayment_id, repayment.state)
    refuse_not_owed(order)
    repayment.gateway = gateways_of(order, [repayment.payment])[repayment.payment_id]
    repayment.state = _first_state(repayment.gateway)
    repayment.retries, repayment.attempts, repayment.run_after = repayment.retries + 1, 0, at
    repayment.last_error = ""
    repayment.save()
    events.publish([tell_repayment(RepaymentRequested, repayment, by=by, at=at)])
    wake_gateways()
    return repayment


def lock_repayment(repayment_id: int) -> tuple[Order, Repayment]:
    """The order first, then the repayment; both locked.

    Raises:
        RepaymentNotFound
    """
    number = Repayment.objects.filter(id=repayment_id).values_list("order__number", flat=True).first()
    if number is None:
        raise RepaymentNotFound(repayment_id)
    order = Order.objects.locked(number)
    rows = Repayment.objects.select_for_update(no_key=True, of=("self",)).select_related("payment")
    repayment = rows.get(id=repayment_id)
    repayment.order = order
    return order, repayment


def refuse_not_owed(order: Order) -> None:
    """Raises:
    NothingOwedBack: all that stands would be more than the locked order owes the customer, once a change that waits
        for its payment is done.
    """
    waiting = order.edits.filter(state=Edit.State.AWAITING_PAYMENT).first()
    rise = max(waiting.total_after - waiting.total_before, NOTHING) if waiting else NOTHING
    if -order.balance.amount - rise < sum_standing(order):
        raise NothingOwedBack(order.number)


def sum_standing(order: Order) -> Decimal:
    """What is still to go back."""
    return order.repayments.standing().aggregate(sum=Sum("amount"))["sum"] or NOTHING


_OURS = "SELECT payment_id FROM orders_checkout WHERE payment_id = ANY(%s::bigint[])"


def gateways_of(order: Order, payments: Sequence[Payment]) -> dict[int, str]:
    """By payment: the gateway that can give it back from here."""
    known = [payment.pk for payment in payments]
    ours = {paid for (paid,) in fetch_all(_OURS, [known])}
    ((connector,),) = fetch_all("SELECT connector FROM oms_channel WHERE id = %s", [order.channel_id])
    codes = {
        payment.pk: choose_refund_gateway(payment.gateway, connector=connector, taken_by_us=payment.pk in ours)
        for payment in payments
    }
    away = _out_of_reach(order, codes.values())
    return {payment: away.get(code, code) for payment, code in codes.items()}


def _out_of_reach(order: Order, codes: Collection[str]) -> dict[str, str]:
    """Who stands in for a gateway that is not set up here. A test order moves no money of ours."""
    away = {}
    if order.test:
        away = dict.fromkeys((STRIPE, SANDBOX, MANUAL), SANDBOX if settings.SANDBOX_GATEWAY else MANUAL)
    elif not settings.STRIPE_SECRET_KEY:
        away[STRIPE] = MANUAL
    if CHANNEL in codes:
        reachable = WriteBackTarget.objects.filter(channel_id=order.channel_id, active=True)
        if not reachable.exclude(kind=WriteBackTarget.Kind.PARTNER).exists():
            away[CHANNEL] = MANUAL
    return away


def _first_state(gateway: str) -> str:
    return State.BY_HAND if gateway == MANUAL else State.WAITING


def _repayable(order: Order, payments: Sequence[Payment], standing: Sequence[Repayment]) -> list[Repayable]:
    """The order's captured payments, oldest first, with what is gone of each, or on its way."""
    gone = {payment.pk: NOTHING for payment in payments}
    refunds = fetch_all("SELECT payment_id, gateway, amount FROM orders_refund WHERE order_id = %s", [order.pk])
    underway = [(each.payment_id, each.amount) for each in standing]
    for payment_id, amount in [*((paid, amount) for paid, _, amount in refunds), *underway]:
        if payment_id in gone:
            gone[payment_id] += amount
    known = [Repayable(payment.pk, payment.gateway, payment.amount, gone[payment.pk]) for payment in payments]
    return deduct_unlinked(
        known, [Unlinked(gateway, amount) for payment_id, gateway, amount in refunds if payment_id not in gone]
    )


def tell_repayment(kind: type[OrderEvent], repayment: Repayment, *, by: str, at: datetime) -> OrderEvent:
    """One event of a repayment."""
    facts = {
        "repayment": repayment.pk,
        "edit": repayment.edit_id,
        "amount": str(round_amount(repayment.amount, repayment.currency)),
        "currency": repayment.currency,
        "gateway": repayment.gateway,
        "state": repayment.state,
        "reason": repayment.last_error or repayment.reason,
    }
    return kind(subject=repayment.order.number, by=by, at=at, facts=facts)
