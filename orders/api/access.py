"""The gate: the only way a partner's call reaches an order. What a key may not see does not exist for it."""

from datetime import datetime

from oms.models import ApiKey
from oms.sql import fetch_all
from orders.errors import OrderNotFound
from orders.models import Edit
from orders.queries.order_documents import OrderDocument, find_order_document

_CHANNEL = "SELECT c.code FROM orders_order o JOIN oms_channel c ON c.id = o.channel_id WHERE o.number = %s"


def actor_of(key: ApiKey) -> str:
    """Whose permissions a key has when it edits."""
    return Edit.Actor.BOT if key.bot else Edit.Actor.API


def require_order(key: ApiKey, number: str) -> None:
    """Let through only to an order that this key may see.

    Raises:
        OrderNotFound
    """
    found = fetch_all(_CHANNEL, [number])
    if not found or not key.sees_channel(found[0][0]):
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
