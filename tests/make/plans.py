"""Orders on paper: what planning an edit looks at, without a database."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

from orders.policies.edits.operations import read_operations
from orders.policies.edits.plan import Plan, Planned, plan_edit
from orders.policies.edits.state import Choice, LineState, OrderState, Rate, Surroundings, TaxRow
from orders.policies.totals import Extras, PricedLine, add_up

TODAY = date(2026, 11, 21)
HERE = {
    "name": "Ada Meier",
    "company": "",
    "line1": "Torstr. 1",
    "line2": "",
    "city": "Berlin",
    "province": "",
    "postal_code": "10119",
    "country": "DE",
    "phone": "",
}

Number = int | str | Decimal


def choice(sku: str = "TEE-M", price: Number | None = "19.90", *, product: int = 1, **fields: Any) -> Choice:
    """A SKU of the catalogue, of which there is plenty."""
    usual: dict[str, Any] = {
        "variant_id": number_of(sku),
        "product_id": product,
        "sku": sku,
        "title": "Linen tee",
        "options": {},
        "price": None if price is None else Decimal(price),
        "currency": "EUR",
        "category_id": None,
        "divisible": False,
        "active": True,
        "weight_grams": 180,
        "available": Decimal(1_000),
        "low": False,
        "low_at": 0.0,
    }
    return Choice(**usual | fields)


def number_of(sku: str) -> int:
    """The id of its variant: the same name, the same number."""
    return int.from_bytes(sku.encode(), "big")


def line_state(sku: str = "TEE-M", quantity: Number = 1, price: Number = "19.90", **fields: Any) -> LineState:
    """A line of the order; `order_state` gives it its id and its place."""
    usual: dict[str, Any] = {
        "id": 0,
        "position": 0,
        "kind": "PRODUCT",
        "variant_id": number_of(sku),
        "product_id": 1,
        "sku": sku,
        "title": "Linen tee",
        "quantity": Decimal(quantity),
        "unit_price": Decimal(price),
        "weight_grams": 180,
    }
    decimals = {name: Decimal(value) for name, value in fields.items() if name in _DECIMALS}
    return LineState(**usual | fields | decimals)


_DECIMALS = ("discount", "tax", "cancelled", "fulfilled")


def order_state(*lines: LineState, currency: str = "EUR", included: bool = True, **fields: Any) -> OrderState:
    """A paid order of these lines, numbered from 1; `discount` is the order's own, beside those of its lines."""
    lines = tuple(replace(line, id=place, position=place) for place, line in enumerate(lines or (line_state(),), 1))
    given = {name: Decimal(fields.pop(name, 0)) for name in ("discount", "shipping", "shipping_tax", "tip", "duty")}
    totals = add_up([priced(line) for line in lines], Extras(**given), tax_included=included, currency=currency)
    usual: dict[str, Any] = {
        "number": "1001",
        "version": 1,
        "channel_id": 1,
        "currency": currency,
        "tax_included": included,
        "address": HERE,
        "email": "ada@example.com",
        "phone": "",
        "shipping_method": "standard",
        "shipping_total": given["shipping"],
        "shipping_tax": given["shipping_tax"],
        "discount_total": totals.discounts,
        "tax_total": totals.tax,
        "tip_total": given["tip"],
        "duty_total": given["duty"],
        "total": totals.total,
        "credited": Decimal(0),
        "paid": totals.total,
        "refunded": Decimal(0),
        "authorized": Decimal(0),
        "lines": lines,
    }
    return OrderState(**usual | fields)


def priced(line: LineState) -> PricedLine:
    return PricedLine(line.quantity, line.unit_price, line.discount, line.tax)


def around(*choices: Choice, rates: tuple[Rate, ...] = (), taxes: tuple[TaxRow, ...] = ()) -> Surroundings:
    """The catalogue and the tables; without choices, three sizes of the tee and a pair of socks."""
    tees = [choice("TEE-S"), choice("TEE-M"), choice("TEE-L", "24.90")]
    known = choices or (*tees, choice("SOCKS", "7.50", product=2))
    return Surroundings(choices={each.sku: each for each in known}, rates=rates, taxes=taxes, today=TODAY)


def rate_row(price: Number = "4.90", **fields: Any) -> Rate:
    """A row of the shipping table, for any channel, country and weight unless said otherwise."""
    usual: dict[str, Any] = {
        "channel_id": None,
        "country": "",
        "method": "standard",
        "title": "Standard",
        "currency": "EUR",
        "price": Decimal(price),
        "free_from": None,
        "weight_from": 0,
        "weight_below": None,
        "tax_rate": None,
    }
    return Rate(**usual | fields)


def tax_row(percent: Number, **fields: Any) -> TaxRow:
    """A row of the tax table, for all goods in Germany since 2020 unless said otherwise."""
    usual: dict[str, Any] = {"country": "DE", "province": "", "category_id": None}
    usual |= {"rate": Decimal(percent) / 100, "from_date": date(2020, 1, 1), "until_date": None}
    return TaxRow(**usual | fields)


def plan(order: OrderState, *operations: Mapping[str, Any], using: Surroundings | None = None) -> Planned:
    """What the operations, as a partner sends them, come to."""
    return plan_edit(order, read_operations(operations), using or around())


def planned(order: OrderState, *operations: Mapping[str, Any], using: Surroundings | None = None) -> Plan:
    """The same where nothing may be wrong with it."""
    outcome = plan(order, *operations, using=using)
    assert outcome.plan is not None, outcome.errors
    return outcome.plan


def after(order: OrderState, done: Plan) -> OrderState:
    """The order once the plan is carried out, its new lines with ids of their own."""
    lines = tuple(replace(line, id=line.id or 1_000 + line.position) for line in done.lines)
    names = ("shipping_method", "shipping_total", "shipping_tax", "discount_total", "tax_total", "total", "credited")
    columns = {name: getattr(done, name) for name in names}
    return replace(order, lines=lines, address=done.address or order.address, **columns)
