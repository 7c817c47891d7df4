"""The gate: the only way a partner's call reaches an order. What a key may not see does not exist for it."""

from datetime import datetime

from oms.models import ApiKey
from orders.errors import OrderNotFound
from orders.models import Order
from orders.queries.order_documents import OrderDocument, read_order_documents


def order_for_partner(key: ApiKey, number: str) -> Order:
    """The order, if this key may see its channel.

    Raises:
        OrderNotFound
    """
    order = Order.objects.select_related("channel").filter(number=number).first()
    if order is None or not key.sees_channel(order.channel.code):
        raise OrderNotFound(number)
    return order


def document_for_partner(key: ApiKey, number: str, *, at: datetime) -> OrderDocument:
    """The same as the API shows it.

    Raises:
        OrderNotFound
    """
    return read_order_documents([order_for_partner(key, number).pk], at=at)[0]
