"""Making an order's rows say what a newer message says: address, lines, amounts. Each tells what it changed."""

from collections import defaultdict
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from django.db import models

from orders.channels.incoming import IncomingAddress, IncomingLine, IncomingOrder, is_within_reach
from orders.models import Address, Order, OrderLine
from orders.policies.totals import Totals
from orders.queries.references import VariantFacts

Changes = dict[str, Any]

_LINE_COLUMNS = (
    "sku",
    "title",
    "quantity",
    "cancelled_quantity",
    "fulfilled_quantity",
    "unit_price",
    "discount",
    "tax",
)


def rewrite_contact(order: Order, incoming: IncomingOrder) -> Changes:
    """Contact, tags, note: what may change at any time."""
    wanted: dict[str, Any] = {"tags": list(dict.fromkeys(incoming.tags)), "note": incoming.note}
    if incoming.ship_after and is_within_reach(incoming.ship_after, order.placed_at):
        wanted["ship_after"] = incoming.ship_after
    if incoming.external_number:
        wanted["external_number"] = incoming.external_number
    if incoming.customer and incoming.customer.email:
        wanted["email"] = incoming.customer.email
    return _set(order, wanted)


def rewrite_address(order: Order, incoming: IncomingOrder) -> Changes:
    """A new address is a new row: what was printed on a label stays what it was."""
    address = incoming.shipping_address
    if address is None or address.__dict__ == _as_given(order.shipping_address):
        return {}
    before = str(order.shipping_address or "")
    order.shipping_address = Address.objects.create(**address.__dict__)
    order.country = address.country
    return {"shipping_address": {"before": before, "after": str(order.shipping_address)}}


def rewrite_money(order: Order, incoming: IncomingOrder, totals: Totals) -> Changes:
    """The order's amounts, and the channel's own total where it differs."""
    stated = incoming.total if incoming.total is not None and incoming.total != totals.total else None
    wanted = {
        "item_total": totals.items,
        "discount_total": totals.discounts,
        "shipping_total": incoming.shipping.amount,
        "shipping_tax": incoming.shipping.tax,
        "shipping_method": incoming.shipping.method,
        "tax_total": totals.tax,
        "tip_total": incoming.tip,
        "duty_total": incoming.duty,
        "total": totals.total,
        "stated_total": stated,
    }
    changes = _set(order, wanted)
    order.credited = min(order.credited, order.total)
    return changes


def rewrite_lines(order: Order, lines: Sequence[IncomingLine], variants: dict[str, VariantFacts]) -> Changes:
    """Match lines by the channel's line id, else by SKU in order; what the message no longer has is not bought.

    Such a line stays with nothing on it, so that the order's amounts are still those of its lines.
    """
    current = list(order.lines.order_by("position"))
    unmatched, changes = list(current), {}
    changed: list[OrderLine] = []
    added: list[OrderLine] = []
    for line in lines:
        row = _matching(line, unmatched)
        if row is None:
            added.append(_new_line(order, line, variants, position=len(current) + len(added) + 1))
            changes[f"line {len(current) + len(added)}"] = {"before": None, "after": str(added[-1])}
            continue
        unmatched.remove(row)
        if difference := _set(row, _wanted_line(line, variants)):
            changed.append(row)
            changes[f"line {row.position}"] = difference
    for row in unmatched:
        if difference := _set(row, _nothing_but(row.fulfilled_quantity)):
            changed.append(row)
            changes[f"line {row.position}"] = difference

    OrderLine.objects.bulk_update(changed, [*_LINE_COLUMNS, "variant", "kind"])
    OrderLine.objects.bulk_create(added)
    return changes


def _nothing_but(shipped: Decimal) -> dict[str, Any]:
    nothing = Decimal(0)
    return {"quantity": shipped, "cancelled_quantity": nothing, "discount": nothing, "tax": nothing}


def note_fulfilled(order: Order, lines: Sequence[IncomingLine]) -> Changes:
    """Only what the channel has shipped of each line, for an order whose lines are ours to say."""
    rows = {row.external_id: row for row in order.lines.all() if row.external_id}
    changed, changes = [], {}
    for line in lines:
        row = rows.get(line.external_id)
        if row is None:
            continue
        shipped = min(line.fulfilled_quantity, row.quantity - row.cancelled_quantity)
        if difference := _set(row, {"fulfilled_quantity": shipped}):
            changed.append(row)
            changes[f"line {row.position}"] = difference
    OrderLine.objects.bulk_update(changed, ["fulfilled_quantity"])
    return changes


def wanted_stock(order: Order) -> dict[int, Decimal]:
    """Units still to be sent, by variant id: what the order's reservations must add up to."""
    wanted: dict[int, Decimal] = defaultdict(Decimal)
    if order.test:
        return {}
    for line in order.lines.all():
        if line.variant_id and line.open_quantity > 0:
            wanted[line.variant_id] += line.open_quantity
    return dict(wanted)


def _matching(line: IncomingLine, rows: Sequence[OrderLine]) -> OrderLine | None:
    if line.external_id:
        return next((row for row in rows if row.external_id == line.external_id), None)
    return next((row for row in rows if (row.sku, row.title) == (line.sku, line.title or row.title)), None)


def _wanted_line(line: IncomingLine, variants: dict[str, VariantFacts]) -> dict[str, Any]:
    wanted = {name: getattr(line, name) for name in _LINE_COLUMNS if name != "title" or line.title}
    variant = variants[line.sku].id if line.kind == OrderLine.Kind.PRODUCT else None
    return wanted | {"kind": line.kind, "variant_id": variant}


def _new_line(order: Order, line: IncomingLine, variants: dict[str, VariantFacts], *, position: int) -> OrderLine:
    wanted = {"title": line.title or getattr(variants.get(line.sku), "title", "")} | _wanted_line(line, variants)
    return OrderLine(order=order, position=position, external_id=line.external_id, properties=line.properties, **wanted)


def _set(row: models.Model, wanted: dict[str, Any]) -> Changes:
    """Set what differs on the row (it is not saved); before and after of each."""
    changes = {}
    for name, after in wanted.items():
        before = getattr(row, name)
        if before != after:
            setattr(row, name, after)
            changes[name] = {"before": _told(before, like=after), "after": _told(after, like=after)}
    return changes


def _told(value: Any, *, like: Any) -> Any:
    """A decimal with the digits of the other one, and with more where it needs them: columns add noughts."""
    if not isinstance(value, Decimal):
        return value
    shortest = value.normalize()
    if isinstance(like, Decimal) and shortest == value.quantize(like):
        shortest = value.quantize(like)
    return f"{shortest:f}"


def _as_given(address: Address | None) -> dict[str, Any]:
    return {name: getattr(address, name) for name in IncomingAddress.model_fields} if address else {}
