"""The locks of a return, in their order: its order's first, then its own."""

from oms import events
from oms.reading import fetch_objects
from orders.models import Order
from returns.absences import ReturnNotFound
from returns.models import Return


def lock_return(number: str) -> Return:
    """The return and its order, both locked until the transaction ends; `order` is the locked one.

    Raises:
        ReturnNotFound
    """
    events.require_transaction("A return")
    orders = fetch_objects(Order, _OF_RETURN, [number])
    if not orders:
        raise ReturnNotFound(number)
    (found,) = fetch_objects(Return, "WHERE number = %s FOR NO KEY UPDATE", [number])
    found.order = orders[0]
    return found


_OF_RETURN = "WHERE id = (SELECT r.order_id FROM returns_return r WHERE r.number = %s) FOR NO KEY UPDATE"
