"""A return and its order, locked in that order: the order first."""

from oms import events
from orders.models import Order
from returns.absences import ReturnNotFound
from returns.models import Return


def lock_return(number: str) -> Return:
    """The return with its order, both locked until the transaction ends.

    Raises:
        ReturnNotFound
    """
    events.require_transaction("A return")
    order_number = Return.objects.filter(number=number).values_list("order__number", flat=True).first()
    if order_number is None:
        raise ReturnNotFound(number)
    order = Order.objects.locked(order_number)
    found = Return.objects.locked(number)
    found.order = order
    return found
