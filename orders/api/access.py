"""The gate: the only way a partner's call reaches an order. What a key may not see does not exist for it."""

from datetime import datetime

from oms.models import ApiKey, Channel
from oms.reading import Part, fetch_joined
from oms.sql import fetch_all
from orders.absences import FulfillmentNotFound, OrderNotFound, ShipmentNotFound
from orders.models import Edit, Order
from orders.queries.fulfilling.documents import FulfillmentDocument, find_fulfillment_document
from orders.queries.order_documents import OrderDocument, find_order_document

_WAREHOUSE = """
SELECT w.code, c.code FROM orders_fulfillment f
JOIN inventory_warehouse w ON w.id = f.warehouse_id
JOIN orders_order o ON o.id = f.order_id JOIN oms_channel c ON c.id = o.channel_id
"""
_OF_FULFILLMENT = f"{_WAREHOUSE} WHERE f.number = %s"
_OF_SHIPMENT = f"{_WAREHOUSE} JOIN orders_shipment s ON s.fulfillment_id = f.id WHERE s.number = %s"
_WITH_CHANNEL = (Part("o", Order), Part("c", Channel, frozenset({"id", "code", "name"})))
_ORDER = "SELECT {columns} FROM orders_order o JOIN oms_channel c ON c.id = o.channel_id WHERE o.number = %(number)s"
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


def order_for_partner(key: ApiKey, number: str) -> Order:
    """The order with its channel.

    Raises:
        OrderNotFound
    """
    for order, channel in fetch_joined(_WITH_CHANNEL, _ORDER, {"number": number}):
        if key.sees_channel(channel.code):
            order.channel = channel
            return order
    raise OrderNotFound(number)


def require_visible(key: ApiKey, number: str) -> None:
    """The same, before what finds the order by itself: for a key that sees all of them nothing need be looked up.

    Raises:
        OrderNotFound
    """
    if key.channels:
        require_order(key, number)


def document_for_partner(key: ApiKey, number: str, *, at: datetime) -> OrderDocument:
    """The order, if this key may see its channel.

    Raises:
        OrderNotFound
    """
    document = find_order_document(number, at=at)
    if document is None or not key.sees_channel(document.channel):
        raise OrderNotFound(number)
    return document


def require_fulfillment(key: ApiKey, number: str) -> None:
    """Let through only to a fulfillment that this key may see.

    Raises:
        FulfillmentNotFound
    """
    if not _sees(key, _OF_FULFILLMENT, number):
        raise FulfillmentNotFound(number)


def require_shipment(key: ApiKey, number: str) -> None:
    """Let through only to a shipment that this key may see.

    Raises:
        ShipmentNotFound
    """
    if not _sees(key, _OF_SHIPMENT, number):
        raise ShipmentNotFound(number)


def fulfillment_for_partner(key: ApiKey, number: str) -> FulfillmentDocument:
    """The fulfillment, if this key may see its warehouse and its channel.

    Raises:
        FulfillmentNotFound
    """
    document = find_fulfillment_document(number)
    if document is None or not (key.sees_warehouse(document.warehouse) and key.sees_channel(document.channel)):
        raise FulfillmentNotFound(number)
    return document


def _sees(key: ApiKey, statement: str, number: str) -> bool:
    found = fetch_all(statement, [number])
    return bool(found) and key.sees_warehouse(found[0][0]) and key.sees_channel(found[0][1])
