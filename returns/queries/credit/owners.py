"""Whose credit a customer may see by way of an order."""

from collections.abc import Sequence

from orders.models import Order
from returns.models import CreditAccount


def accounts_by_order(order: Order) -> Sequence[CreditAccount]:
    """Those of the customer who bought it; none, where its mails go to somebody else by now: who reads them is let in
    to the order, and not to what another person owns.
    """
    if order.customer is None or order.customer.email != order.email.lower():
        return []
    return list(CreditAccount.objects.filter(customer=order.customer).select_related("customer").order_by("currency"))
