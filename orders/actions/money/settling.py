"""After money changed: where the order stands, and what waited for it."""

from datetime import datetime
from decimal import Decimal

from django.db.models import Sum

from oms.errors import FieldError, Invalid
from oms.money import Money
from orders.actions.edits.applying import commit_edit
from orders.actions.holding import close_holds
from orders.actions.releasing import release_if_free
from orders.models import Edit, Hold, Order, Payment
from orders.policies.edits.plan import read_plan
from orders.policies.paying import judge_financial_status, may_ship_unpaid
from orders.queries.edits.states import read_lines


def settle_order(order: Order, *, by_hand: bool = False, by: str, at: datetime) -> None:
    """Commit the edit that is paid now, and let a paid order go. The order must be locked.

    `by_hand`: what then goes back a person sends.

    Raises:
        Invalid: more would be refunded than was paid.
    """
    commit_paid_edit(order, authorized=settle_financial_status(order, at=at), by_hand=by_hand, by=by, at=at)
    if may_ship_unpaid(order.financial_status):
        close_holds(order, reasons=[Hold.Reason.PAYMENT], by=by, at=at)
        release_if_free(order, by=by, at=at)


def commit_paid_edit(order: Order, *, authorized: Decimal, by_hand: bool = False, by: str, at: datetime) -> None:
    """Do the edit that waited for money, once the money is there. The order must be locked, its status settled."""
    waiting = order.edits.filter(state=Edit.State.AWAITING_PAYMENT).first()
    if waiting is None:
        return
    leaving = order.repayments.beyond_recall().aggregate(sum=Sum("amount"))["sum"] or Decimal(0)
    if read_plan(waiting.plan, credited=order.credited).owed <= order.paid - order.refunded - leaving + authorized:
        commit_edit(order, waiting, read_lines(order.pk), by_hand=by_hand, by=by, at=at)


def settle_financial_status(order: Order, *, at: datetime) -> Decimal:
    """Make `paid`, `refunded` and the status what the payments and refunds of the locked order add up to.

    Returns what is authorized and not captured.

    Raises:
        Invalid: more would be refunded than was paid.
    """
    sums: dict[str, Decimal] = {}
    for status, amount in order.payments.values_list("status", "amount"):
        sums[status] = sums.get(status, Decimal(0)) + amount
    order.paid = sums.get(Payment.Status.CAPTURED, Decimal(0))
    order.refunded = sum(order.refunds.values_list("amount", flat=True), Decimal(0))
    if order.refunded > order.paid:
        refunded, paid = Money(order.refunded, order.currency), Money(order.paid, order.currency)
        detail = f"{refunded} were refunded, but only {paid} are paid."
        raise Invalid(detail, errors=[FieldError("/refunds", "refund_exceeds_payment", detail)])
    authorized = sums.get(Payment.Status.AUTHORIZED, Decimal(0))
    order.financial_status = judge_financial_status(
        total=order.total,
        paid=order.paid,
        refunded=order.refunded,
        authorized=authorized,
        voided=Payment.Status.VOIDED in sums,
    )
    order.touch("paid", "refunded", "financial_status", at=at)
    return authorized
