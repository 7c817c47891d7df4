"""Orders that a hold keeps back until a person has looked."""

from collections.abc import Callable
from datetime import datetime, timedelta

from django.db.models import QuerySet

from inventory.events import WaitingStockPromised
from oms.exceptions import ExceptionType, Trouble
from orders.events import HoldLifted, OrderCancelled, OrderHeld
from orders.models import Hold, Order

Reason = Hold.Reason

PAYMENT_LATE = timedelta(hours=24)
"""So long a payment may take before somebody asks where it is."""
_ENDS = (HoldLifted, OrderCancelled)


def find_held(reason: str, *, at: datetime) -> QuerySet[Hold]:
    """Open holds of orders that could go out but for them. A test order never goes out, so nobody looks for it."""
    waiting = Hold.objects.open(at=at).filter(reason=reason, order__status=Order.Status.HELD, order__test=False)
    return waiting.select_related("order")


def find_late_payments(at: datetime) -> QuerySet[Hold]:
    return find_held(Reason.PAYMENT, at=at).filter(opened_at__lte=at - PAYMENT_LATE)


def _finder(reason: str) -> Callable[[datetime], QuerySet[Hold]]:
    return lambda at: find_held(reason, at=at)


def _describe(otherwise: str) -> Callable[[Hold], Trouble]:
    """The hold's own detail says it best; `otherwise` stands where there is none."""

    def describe(hold: Hold) -> Trouble:
        facts = {"reason": hold.reason, "hold": hold.pk}
        return Trouble("order", hold.order.number, hold.detail or otherwise, hold.opened_at, facts)

    return describe


def _describe_payment(hold: Hold) -> Trouble:
    order = hold.order
    cause = f"{order.balance} of it is not paid. Ask the customer, record the payment, or cancel."
    facts = {"balance": str(order.balance.amount), "currency": order.currency, "hold": hold.pk}
    return Trouble("order", order.number, cause, hold.opened_at, facts)


HELD = (
    ExceptionType(
        code="address",
        title="Address to check",
        hours=4,
        find=_finder(Reason.ADDRESS_CHECK),
        describe=_describe("The address looks wrong: a parcel may not arrive there."),
        heard=(OrderHeld, *_ENDS),
    ),
    ExceptionType(
        code="payment",
        title="Payment overdue",
        hours=8,
        find=find_late_payments,
        describe=_describe_payment,
        heard=_ENDS,
    ),
    ExceptionType(
        code="fraud",
        title="Fraud review",
        hours=4,
        find=_finder(Reason.FRAUD_REVIEW),
        describe=_describe("Somebody must look whether the buyer is who they say they are."),
        heard=(OrderHeld, *_ENDS),
    ),
    ExceptionType(
        code="stock_short",
        title="Stock short",
        hours=8,
        find=_finder(Reason.STOCK_SHORT),
        describe=_describe("There is less on the shelf than was sold. It goes out by itself once stock arrives."),
        heard=(OrderHeld, WaitingStockPromised, *_ENDS),
    ),
    ExceptionType(
        code="totals",
        title="Totals do not add up",
        hours=8,
        find=_finder(Reason.TOTALS_MISMATCH),
        describe=_describe("The channel states another total than its lines come to."),
        heard=_ENDS,
    ),
)
