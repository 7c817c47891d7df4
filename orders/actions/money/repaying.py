"""Sending money back: what is owed back is split over the payments it came by. `asking` calls the gateways."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.conf import settings
from django.db.models import Sum

from oms import events
from oms.money import round_amount
from oms.reading import fetch_objects
from oms.transactions import transactional
from oms.writing import insert_objects, update_rows
from orders.absences import RepaymentNotFound
from orders.actions.waking import wake_gateways
from orders.errors import NothingOwedBack, RepaymentNotOpen
from orders.events import OrderEvent, RepaymentRequested, RepaymentWithdrawn
from orders.models import Edit, Order, Payment, Repayment
from orders.payments.registry import CHANNEL, MANUAL, SANDBOX, STRIPE, choose_refund_gateway
from orders.policies.repaying import Repayable, Share, split_surplus
from orders.queries.money import OrderMoney, list_repayable, read_money

NOTHING = Decimal(0)

LOOK_FIRST = "A person recorded this money, no gateway told us of it: look whether it has come before it goes back."

State = Repayment.State


@dataclass(frozen=True, slots=True)
class Cause:
    """Why money goes back, and for which edit.

    `by_hand`: no gateway sends it unless a person asks it to. `of`: by these payments alone, as much as they can bear.
    """

    reason: str
    edit: Edit | None = None
    by_hand: bool = False
    of: Collection[int] | None = None


def repay_surplus(
    order: Order, *, reason: str, edit: Edit | None = None, by_hand: bool = False, by: str, at: datetime
) -> list[Repayment]:
    """Send back what was paid beyond what is owed; [] when there is nothing. The order must be locked.

    What is still to go back counts as gone, so asking twice sends once. Where more is on its way than is owed back, as
    after an edit that costs more again, that which no gateway has seen yet is withdrawn.
    """
    cause = Cause(reason, edit, by_hand=by_hand)
    repayments, told = settle_surplus(order, read_money(order.pk), cause, by=by, at=at)
    events.publish(told)
    return repayments


def repay_payment(order: Order, payment: Payment, *, reason: str, by_hand: bool, by: str, at: datetime) -> None:
    """Send back of this payment alone what is not owed: all else of a cancelled order was settled then, or is its
    channel's affair. The order must be locked.
    """
    cause = Cause(reason, by_hand=by_hand, of={payment.pk})
    _, told = settle_surplus(order, read_money(order.pk), cause, by=by, at=at)
    events.publish(told)


def repay_by(order: Order, payments: Collection[int], *, reason: str, by: str, at: datetime) -> None:
    """Send back what is owed back by these payments (ids) alone, as much as they can bear. The order must be locked."""
    _, told = settle_surplus(order, read_money(order.pk), Cause(reason, of=payments), by=by, at=at)
    events.publish(told)


def leave_to_channel(order: Order, *, reason: str, by: str, at: datetime) -> None:
    """The channel cancelled the locked order and gives back what it took: nothing of that goes out from here any more,
    as far as no gateway can have done it. What came in by pages of ours only we can give back.
    """
    money = read_money(order.pk)
    ours = {payment.id for payment in money.captured if payment.ours}
    theirs = [each for each in _lock_standing(order) if each.payment_id not in ours and each.is_retractable]
    _mark_withdrawn(theirs)
    _, told = settle_surplus(order, money, Cause(reason, of=ours), by=by, at=at)
    events.publish([*_tell_withdrawn(theirs, by=by, at=at), *told])


def settle_surplus(
    order: Order, money: OrderMoney, cause: Cause, *, by: str, at: datetime
) -> tuple[list[Repayment], list[OrderEvent]]:
    """Pay back what is too much, with the order's money as read under its lock; what is to be told of it is left to the
    caller.
    """
    events.require_transaction("A repayment")
    standing = _lock_standing(order) if money.repaying else []
    surplus, withdrawn = _withdraw(order, standing)
    told = _tell_withdrawn(withdrawn, by=by, at=at)
    if surplus <= 0:
        return [], told

    bearing = [each for each in _repayable(money, standing) if cause.of is None or each.id in cause.of]
    shares = split_surplus(min(surplus, sum((each.left for each in bearing), NOTHING)), bearing)
    gateways = _gateways(order, money)
    repayments = [
        Repayment(
            order=order,
            payment_id=share.payment,
            edit=cause.edit,
            gateway=gateways[share.payment],
            state=State.BY_HAND if cause.by_hand else _first_state(gateways[share.payment]),
            amount=round_amount(share.amount, order.currency),
            currency=order.currency,
            reason=cause.reason[:255],
            last_error=LOOK_FIRST if cause.by_hand else "",
            run_after=at,
            asked_at=at,
            asked_by=by,
        )
        for share in shares
    ]
    insert_objects(*repayments)
    wake_gateways()
    return repayments, [*told, *(tell_repayment(RepaymentRequested, each, by=by, at=at) for each in repayments)]


def divide_surplus(order: Order, amount: Decimal) -> list[Share]:
    """By which payments the locked order's money came, of so much of what is owed back: the same split as if it were
    sent back, for what is given in another way. Less where less is owed back, or on its way already.
    """
    events.require_transaction("The division of what is owed back")
    money = read_money(order.pk)
    standing = _lock_standing(order) if money.repaying else []
    surplus = -order.balance.amount - sum((repayment.amount for repayment in standing), NOTHING)
    bearing = _repayable(money, standing)
    return split_surplus(min(amount, surplus, sum((each.left for each in bearing), NOTHING)), bearing)


def withdraw_unowed(order: Order, *, by: str, at: datetime) -> Decimal:
    """Take back what is not owed any more, the newest first, as far as no gateway can have done it.

    What is owed back and not on its way; below zero where more goes back than is owed, and it is too late. The order
    must be locked.
    """
    events.require_transaction("A repayment")
    surplus, withdrawn = _withdraw(order, _lock_standing(order))
    events.publish(_tell_withdrawn(withdrawn, by=by, at=at))
    return surplus


def _withdraw(order: Order, standing: Sequence[Repayment]) -> tuple[Decimal, list[Repayment]]:
    """What is owed back beyond what stands, and what of it was withdrawn because it is owed no more."""
    surplus = -order.balance.amount - sum((repayment.amount for repayment in standing), NOTHING)
    withdrawn: list[Repayment] = []
    for repayment in reversed(standing):
        if surplus < 0 and repayment.is_retractable:
            withdrawn.append(repayment)
            surplus += repayment.amount
    _mark_withdrawn(withdrawn)
    return surplus, withdrawn


def _mark_withdrawn(repayments: Sequence[Repayment]) -> None:
    for repayment in repayments:
        repayment.state = State.WITHDRAWN
    update_rows(repayments, ["state"])


def _tell_withdrawn(repayments: Sequence[Repayment], *, by: str, at: datetime) -> list[OrderEvent]:
    return [tell_repayment(RepaymentWithdrawn, repayment, by=by, at=at) for repayment in repayments]


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
    """Send one that failed again, under a new key: the gateway would only repeat its no to the old one. One that waits
    for a person is sent by its gateway, where that can.

    Raises:
        RepaymentNotFound, RepaymentNotOpen.
        NothingOwedBack: the order owes the customer less by now.
    """
    order, repayment = lock_repayment(repayment_id)
    gateway = _gateways(order, read_money(order.pk))[repayment.payment_id]
    by_gateway = repayment.state == State.BY_HAND and gateway != MANUAL
    if repayment.state != State.FAILED and not by_gateway:
        raise RepaymentNotOpen(repayment_id, repayment.state)
    refuse_not_owed(order)
    repayment.gateway = gateway
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


def _gateways(order: Order, money: OrderMoney) -> dict[int, str]:
    """By captured payment: the gateway that can give it back from here."""
    codes = {
        payment.id: choose_refund_gateway(payment.gateway, connector=money.connector, taken_by_us=payment.ours)
        for payment in money.captured
    }
    away = _out_of_reach(order, money)
    return {payment: away.get(code, code) for payment, code in codes.items()}


def _out_of_reach(order: Order, money: OrderMoney) -> dict[str, str]:
    """Who stands in for a gateway that is not set up here. A test order moves no money of ours."""
    away = {}
    if order.test:
        away = dict.fromkeys((STRIPE, SANDBOX, MANUAL), SANDBOX if settings.SANDBOX_GATEWAY else MANUAL)
    elif not settings.STRIPE_SECRET_KEY:
        away[STRIPE] = MANUAL
    if not money.channel_repays:
        away[CHANNEL] = MANUAL
    return away


def _first_state(gateway: str) -> str:
    return State.BY_HAND if gateway == MANUAL else State.WAITING


def _repayable(money: OrderMoney, standing: Sequence[Repayment]) -> list[Repayable]:
    """The order's captured payments, oldest first, with what is gone of each, or on its way."""
    return list_repayable(money, [(each.payment_id, each.amount) for each in standing if each.state != State.WITHDRAWN])


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
