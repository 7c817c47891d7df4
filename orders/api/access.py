"""The gate: the only way a partner's call reaches an order. What a key may not see does not exist for it."""

from oms.models import ApiKey
from orders.errors import OrderNotFound
from orders.models import Order
from orders.queries.order_rows import OrderRows, read_orders


def order_for_partner(key: ApiKey, number: str) -> Order:
    """The order, if this key may see its channel.

    Raises:
        OrderNotFound
    """
    order = Order.objects.select_related("channel").filter(number=number).first()
    if order is None or not key.sees_channel(order.channel.code):
        raise OrderNotFound(number)
    return order


def rows_for_partner(key: ApiKey, number: str) -> OrderRows:
    """The same with all that belongs to it."""
    return read_orders([order_for_partner(key, number).pk])[0]
