"""Orders, placed by the product's own actions."""

import itertools
from collections.abc import Sequence
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from inventory.models import Variant
from oms.models import Channel
from oms.transactions import run_transaction
from orders.actions.placing import Placement, place_orders
from orders.actions.releasing import end_edit_window
from orders.channels.incoming import IncomingOrder
from orders.models import Hold, Order
from tests.make.moments import ADA, NOON
from tests.make.stock import SKU, stocked_variant

PRICE = Decimal("19.90")

BERLIN = {
    "name": "Ada Meier",
    "line1": "Torstr. 1",
    "city": "Berlin",
    "postal_code": "10119",
    "country": "DE",
}

_numbers = itertools.count(1)


def channel(code: str = "web", *, minutes: int = 30, already_sold: bool = False, **fields: Any) -> Channel:
    """The channel of that code, made if there is none; `minutes` is its edit window."""
    defaults = {"name": code, "edit_window_minutes": minutes, "already_sold": already_sold} | fields
    made, _ = Channel.objects.get_or_create(code=code, defaults=defaults)
    return made


def line(sku: str = SKU, quantity: int | str = 1, **fields: Any) -> dict[str, Any]:
    """One line of an order to place."""
    return {"sku": sku, "quantity": quantity, "unit_price": str(PRICE)} | fields


def order_body(lines: Sequence[dict[str, Any]] = (), **fields: Any) -> dict[str, Any]:
    """The JSON of a paid order of one shirt, unless said otherwise; each has an id of its own."""
    body = {
        "channel": "web",
        "external_id": f"gid-{next(_numbers)}",
        "placed_at": NOON.isoformat(),
        "currency": "EUR",
        "tax_included": True,
        "customer": {"email": "ada@example.com", "name": "Ada Meier"},
        "shipping_address": BERLIN,
        "lines": list(lines) or [line()],
        "payment": {"status": "PAID", "gateway": "sandbox", "reference": "ch_1"},
    }
    return {name: value for name, value in (body | fields).items() if value is not None}


def incoming(lines: Sequence[dict[str, Any]] = (), **fields: Any) -> IncomingOrder:
    """The same as an order that a channel has sent."""
    return IncomingOrder.model_validate(order_body(lines, **fields))


def place(*orders: IncomingOrder, at: datetime = NOON, already_sold: bool = False) -> list[Placement]:
    """Place them in one batch and one transaction."""
    return run_transaction(lambda: place_orders(orders, by=ADA, at=at, already_sold=already_sold))


def placed_order(
    lines: Sequence[dict[str, Any]] = (), *, at: datetime = NOON, already_sold: bool = False, **fields: Any
) -> Order:
    """An order that was taken at its own moment, of the web shop unless said otherwise; its SKU is in stock."""
    channel(fields.get("channel", "web"))
    if not lines and not Variant.objects.filter(sku=SKU).exists():
        stocked_variant()
    order = incoming(lines, **({"placed_at": at.isoformat()} | fields))
    (placement,) = place(order, at=at, already_sold=already_sold)
    if placement.refusal:
        raise placement.refusal
    return Order.objects.get(number=placement.number)


def held_order(*, until: datetime = NOON + timedelta(minutes=30), **fields: Any) -> Order:
    """A paid order that its edit window holds until that moment, and nothing else."""
    return placed_order(at=until - timedelta(minutes=30), **fields)


def released_order(*, at: datetime = NOON, **fields: Any) -> Order:
    """An order that is on its way to a warehouse."""
    order = placed_order(at=at, **fields)
    return end_edit_window(number=order.number, by=ADA, at=at)


def open_holds(order: Order | str) -> list[str]:
    """The reasons of the holds that nobody has closed, sorted."""
    number = order if isinstance(order, str) else order.number
    return sorted(Hold.objects.filter(order__number=number, closed_at=None).values_list("reason", flat=True))
