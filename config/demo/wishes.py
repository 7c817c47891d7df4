"""What customers, staff and a machine want to change of their orders, in the words of the edit API."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from orders.models import Order

Operations = list[dict[str, Any]]
Wanted = Callable[[Order], Operations]

_ABROAD = {
    "FR": {"line1": "1 rue de Rivoli", "city": "Paris", "postal_code": "75001", "country": "FR"},
    "DE": {"line1": "Torstraße 1", "city": "Berlin", "postal_code": "10119", "country": "DE"},
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """An edit, and what became of it. None: nobody decided, or paid, until now."""

    at: datetime
    wanted: Wanted
    actor: str = "CUSTOMER"
    by: str = "customer"
    decision: Literal["approve", "decline"] | None = None
    decided_at: datetime | None = None
    note: str = ""
    paid_at: datetime | None = None


def swap_first(sku: str) -> Wanted:
    """The first line as another variant."""
    return lambda order: [{"op": "swap_variant", "line": _first(order), "sku": sku}]


def add_item(sku: str) -> Wanted:
    return lambda order: [{"op": "add_item", "sku": sku, "quantity": 1}]


def take_one_away(order: Order) -> Operations:
    """One unit less of the first line."""
    line = order.lines.order_by("position")[0]
    return [{"op": "set_quantity", "line": line.pk, "quantity": str(line.quantity - 1)}]


def move_abroad(order: Order) -> Operations:
    """The same person, in another country."""
    there = _ABROAD["DE" if order.country == "FR" else "FR"]
    name = order.shipping_address.name if order.shipping_address else ""
    return [{"op": "change_address", "address": {"name": name, **there}}]


def change_contact(email: str) -> Wanted:
    return lambda order: [{"op": "change_contact", "email": email}]


def cancel_all(order: Order) -> Operations:
    return [{"op": "cancel_order", "reason": "Ordered twice within a minute"}]


def _first(order: Order) -> int:
    return order.lines.order_by("position")[0].pk
