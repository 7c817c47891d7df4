"""Where a node is."""

from orders.queries.shipping.wanted import address_warehouse
from returns.models import ReturnNode


def address_node(node: ReturnNode) -> dict[str, str]:
    """As it stands on labels."""
    warehouse = node.warehouse
    return address_warehouse(warehouse.address, name=warehouse.name, country=warehouse.country, city=warehouse.city)
