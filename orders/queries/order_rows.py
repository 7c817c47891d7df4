"""Orders with all that belongs to them, as plain rows: a constant number of statements for a page."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db import models

from oms.sql import fetch_all
from orders.models import Address, Hold, Order, OrderLine, Payment, Refund

Row = Mapping[str, Any]


@dataclass(slots=True)
class OrderRows:
    """One order's rows, each a mapping by column name; `customer` has name, phone, locale and consent."""

    order: Row
    channel: str
    customer: Row | None = None
    shipping_address: Row | None = None
    billing_address: Row | None = None
    lines: Sequence[Row] = field(default_factory=list)
    holds: Sequence[Row] = field(default_factory=list)
    payments: Sequence[Row] = field(default_factory=list)
    refunds: Sequence[Row] = field(default_factory=list)


def _columns(model: type[models.Model]) -> list[str]:
    return [f.attname for f in model._meta.concrete_fields]


_ORDER, _CUSTOMER = _columns(Order), ["email", "name", "phone", "locale", "accepts_marketing"]
_READ_ORDERS = f"""
SELECT c.code, {", ".join(f"o.{column}" for column in _ORDER)}, {", ".join(f"u.{column}" for column in _CUSTOMER)}
FROM orders_order o
JOIN oms_channel c ON c.id = o.channel_id
LEFT JOIN orders_customer u ON u.id = o.customer_id
WHERE o.id = ANY(%s::bigint[])
"""  # noqa: S608 - names of our own models, no input


def _read_of(model: type[models.Model], owner: str, order: str) -> str:
    table, columns = model._meta.db_table, ", ".join(_columns(model))
    return f"SELECT {columns} FROM {table} WHERE {owner} = ANY(%s::bigint[]) ORDER BY {order}"  # noqa: S608 - as above


_READ_ADDRESSES = _read_of(Address, "id", "id")
_READ_PARTS = {
    "lines": (OrderLine, _read_of(OrderLine, "order_id", "order_id, position")),
    "holds": (Hold, _read_of(Hold, "order_id", "order_id, id")),
    "payments": (Payment, _read_of(Payment, "order_id", "order_id, id")),
    "refunds": (Refund, _read_of(Refund, "order_id", "order_id, id")),
}


def read_orders(order_ids: Sequence[int]) -> list[OrderRows]:
    """The orders with these ids, in this order; an id without an order is left out. Six statements."""
    if not order_ids:
        return []
    by_id: dict[int, OrderRows] = {}
    for code, *values in fetch_all(_READ_ORDERS, [list(order_ids)]):
        order = dict(zip(_ORDER, values, strict=False))
        customer = dict(zip(_CUSTOMER, values[len(_ORDER) :], strict=True))
        by_id[order["id"]] = OrderRows(order, code, customer if customer["email"] else None)

    for name, (model, statement) in _READ_PARTS.items():
        for order_id, rows in _grouped(model, statement, order_ids).items():
            setattr(by_id[order_id], name, rows)
    _add_addresses(by_id.values())
    return [by_id[order_id] for order_id in order_ids if order_id in by_id]


def _grouped(model: type[models.Model], statement: str, order_ids: Sequence[int]) -> dict[int, list[Row]]:
    columns = _columns(model)
    grouped: dict[int, list[Row]] = defaultdict(list)
    for values in fetch_all(statement, [list(order_ids)]):
        row = dict(zip(columns, values, strict=True))
        grouped[row["order_id"]].append(row)
    return grouped


def _add_addresses(orders: Iterable[OrderRows]) -> None:
    wanted = {rows.order[column] for rows in orders for column in ("shipping_address_id", "billing_address_id")}
    columns = _columns(Address)
    found = fetch_all(_READ_ADDRESSES, [[address_id for address_id in wanted if address_id]])
    addresses = {values[0]: dict(zip(columns, values, strict=True)) for values in found}
    for rows in orders:
        rows.shipping_address = addresses.get(rows.order["shipping_address_id"])
        rows.billing_address = addresses.get(rows.order["billing_address_id"])
