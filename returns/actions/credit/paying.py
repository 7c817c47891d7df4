"""Paying with store credit what a customer is asked for."""

from datetime import datetime

from oms.transactions import transactional
from orders.actions.money.charging import cancel_checkouts
from orders.actions.money.paying import Receipt, record_payment
from orders.models import Checkout, Order, Payment
from returns.actions.credit.authorizing import authorize_credit
from returns.actions.credit.tendering import CODE
from returns.errors import NothingToPay


@transactional
def pay_with_credit(*, number: str, account_key: str, by: str, at: datetime) -> Payment:
    """Pay the whole of what the order, or the change of it, waits for. Nobody is asked for it by a page any more.

    Raises:
        OrderNotFound, CreditAccountNotFound, CreditFrozen, CurrencyMismatch.
        NothingToPay: nobody is asked for money.
        CreditShort: less is there.
    """
    order = Order.objects.locked(number)
    checkout = find_question(order)
    if checkout is None:
        raise NothingToPay(number)
    held = authorize_credit(
        account_key=account_key,
        amount=checkout.amount,
        currency=checkout.currency,
        reference=number,
        key=f"checkout:{checkout.key}",
        by=by,
        at=at,
    )
    cancel_checkouts(order, edit=checkout.edit, by=by, at=at)
    receipt = Receipt(amount=checkout.amount, currency=checkout.currency, gateway=CODE, reference=held.key, proven=True)
    return record_payment(number=number, receipt=receipt, by=by, at=at)


def find_question(order: Order) -> Checkout | None:
    """The money that the customer is asked for now: of the change that waits, else of the order."""
    asked = order.checkouts.filter(state__in=Checkout.LIVE).select_related("edit").order_by("-id")
    return asked.filter(edit__isnull=False).first() or asked.first()
