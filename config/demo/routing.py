"""What the brand wants of routing."""

from config.demo.brand import read_table
from inventory.models import Warehouse
from orders.models import RoutingRule


def keep_routing_rules() -> None:
    warehouses = {each.code: each for each in Warehouse.objects.all()}
    rows = read_table("routing")["rule"]
    RoutingRule.objects.bulk_create([RoutingRule(**{**row, "warehouse": warehouses[row["warehouse"]]}) for row in rows])
