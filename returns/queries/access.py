"""The gates: the only ways to a return. What somebody may not see does not exist for them."""

from django.db.models import QuerySet

from oms.models import ApiKey, User
from oms.sql import fetch_all
from orders.models import Order
from returns.absences import ReturnNotFound
from returns.models import Return
from returns.queries.return_documents import ReturnDocument, find_return_documents

_PLACE = """
SELECT c.code, coalesce(w.code, '') FROM returns_return r
JOIN orders_order o ON o.id = r.order_id JOIN oms_channel c ON c.id = o.channel_id
LEFT JOIN returns_returnnode n ON n.id = r.node_id LEFT JOIN inventory_warehouse w ON w.id = n.warehouse_id
WHERE r.number = %s
"""


def require_return(key: ApiKey, number: str) -> None:
    """Let through only to a return of a channel, and on its way to a warehouse, that this key may see.

    Raises:
        ReturnNotFound
    """
    found = fetch_all(_PLACE, [number])
    if not found or not (key.sees_channel(found[0][0]) and key.sees_warehouse(found[0][1])):
        raise ReturnNotFound(number)


def sees_money(key: ApiKey) -> bool:
    """A partner that is limited to warehouses sees goods, not what they cost."""
    return not key.warehouses


def document_for_partner(key: ApiKey, number: str) -> ReturnDocument:
    """Raises:
    ReturnNotFound
    """
    found = find_return_documents([number], whole=sees_money(key))
    if not found or not (key.sees_channel(found[0].channel) and key.sees_warehouse(found[0].warehouse)):
        raise ReturnNotFound(number)
    return found[0]


def return_for_partner(key: ApiKey, number: str) -> Return:
    """Raises:
    ReturnNotFound
    """
    require_return(key, number)
    return Return.objects.select_related("order__channel", "node__warehouse").get(number=number)


def return_for_staff(user: User, number: str) -> Return:
    """Staff of a partner see what goes to their warehouses.

    Raises:
        ReturnNotFound
    """
    found = returns_for_staff(user).select_related("order__channel", "node__warehouse").filter(number=number).first()
    if found is None:
        raise ReturnNotFound(number)
    return found


def returns_for_staff(user: User) -> QuerySet[Return]:
    return narrow_to_seen(Return.objects.all(), user)


def narrow_to_seen(returns: QuerySet[Return], user: User) -> QuerySet[Return]:
    """Those of them that go to the warehouses this person works for."""
    return returns.filter(node__warehouse__code__in=user.warehouses) if user.warehouses else returns


def returns_of_order(order: Order) -> QuerySet[Return]:
    """The newest first."""
    return order.returns.select_related("node__warehouse").order_by("-sequence")
