"""Whose credit a customer may see by way of an order."""

from collections.abc import Sequence

from oms.reading import fetch_objects
from orders.models import Order
from returns.models import CreditAccount


def accounts_by_order(order: Order) -> Sequence[CreditAccount]:
    """Those of the customer who bought it; none, where its mails go to somebody else by now: who reads them is let in
    to the order, and not to what another person owns.
    """
    if order.customer is None or order.customer.email != order.email.lower():
        return []
    accounts = fetch_objects(CreditAccount, "WHERE customer_id = %s ORDER BY currency", [order.customer.pk])
    for account in accounts:
        account.customer = order.customer
    return accounts
