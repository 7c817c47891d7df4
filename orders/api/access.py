"""The gate: the only way a partner's call reaches an order. What a key may not see does not exist for it."""

from datetime import datetime

from oms.models import ApiKey
from orders.errors import OrderNotFound
from orders.models import Order
from orders.queries.order_documents import OrderDocument, find_order_document


def require_order(key: ApiKey, number: str) -> None:
    """Let through only to an order that this key may see.

    Raises:
        OrderNotFound
    """
    channel = Order.objects.filter(number=number).values_list("channel__code", flat=True).first()
    if channel is None or not key.sees_channel(channel):
        raise OrderNotFound(number)


def document_for_partner(key: ApiKey, number: str, *, at: datetime) -> OrderDocument:
    """The order, if this key may see its channel.

    Raises:
        OrderNotFound
    """
    document = find_order_document(number, at=at)
    if document is None or not key.sees_channel(document.channel):
        raise OrderNotFound(number)
    return document
