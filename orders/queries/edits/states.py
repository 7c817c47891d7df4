"""Everything that planning an edit must know, read in one statement."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any, NamedTuple

from oms.sql import fetch_all, fetch_one
from orders.absences import OrderNotFound
from orders.models import Hold
from orders.policies.edits.permissions import Permission
from orders.policies.edits.state import Choice, LineState, OrderState, Rate, Surroundings, TaxRow
from orders.queries.edits.deals import read_deals


@dataclass(frozen=True, slots=True, kw_only=True)
class WindowState:
    """The order's edit window, the newest if it had several; `open` at the moment of asking."""

    open: bool
    staff_only: bool
    until: datetime | None
    closed_at: datetime | None
    rule: str
    detail: str
    facts: Mapping[str, Any]
    closed_because: Mapping[str, Any]


class InHand(NamedTuple):
    """A fulfillment that a warehouse has accepted, with the warehouse's code."""

    number: str
    warehouse: str
    partner: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class EditState:
    """The order, what surrounds it, and what decides whether it may be edited."""

    order_id: int
    status: str
    test: bool
    self_service: str
    gateway: str
    payment_minutes: int
    approval_minutes: int
    order: OrderState
    around: Surroundings
    window: WindowState | None
    open_edit: tuple[int, str] | None
    permissions: tuple[Permission, ...]
    in_hand: tuple[InHand, ...]


# A union, for an OR of the two would read every variant there is.
_CHOICES = """
    SELECT v.id, v.product_id, v.sku, p.title, v.options, v.price::text, v.currency, p.category_id, v.divisible,
           v.active AND p.active, coalesce(v.weight_grams, 0),
           greatest(a.sellable - a.promised - coalesce((
               SELECT sum(queue.quantity) FROM inventory_reservation queue
               WHERE queue.variant_id = v.id AND queue.state = 'SHORT'
           ), 0), 0)::text,
           a.low, greatest(coalesce(a.threshold_units, 0), coalesce(a.threshold_days, 0) * a.velocity)
    FROM (
        SELECT id FROM inventory_variant WHERE sku = ANY(%(skus)s::text[])
        UNION SELECT variant_id FROM orders_orderline WHERE order_id = o.id
    ) AS these
    JOIN inventory_variant v ON v.id = these.id
    JOIN inventory_product p ON p.id = v.product_id
    JOIN inventory_availability a ON a.variant_id = v.id
"""
_LINES = """
    SELECT json_agg(row_to_json(l) ORDER BY l.position) FROM (
        SELECT l.id, l.position, l.kind, l.variant_id, v.product_id, l.sku, l.title,
               coalesce(v.options, '{}') AS options, l.quantity::text, l.cancelled_quantity::text AS cancelled,
               l.fulfilled_quantity::text AS fulfilled, l.unit_price::text, l.discount::text, l.tax::text,
               coalesce(v.weight_grams, 0) AS weight_grams, l.offer_item
        FROM orders_orderline l LEFT JOIN inventory_variant v ON v.id = l.variant_id WHERE l.order_id = o.id
    ) AS l
"""
_PERMISSIONS = """
    SELECT json_agg(row_to_json(each)) FROM (
        SELECT actor, operation, stage, to_another_country, limits, verdict, sentence FROM orders_editpermission
        WHERE actor IN ('ANY', %(actor)s) ORDER BY position, id
    ) AS each
"""
_READ = f"""
SELECT o.id, o.status, o.test, o.self_service, c.gateway, c.payment_minutes, c.approval_minutes,
    (SELECT row_to_json(head) FROM (
        SELECT o.number, o.version, o.channel_id, o.currency, o.tax_included, o.email, o.phone, o.shipping_method,
               o.shipping_total::text, o.shipping_tax::text, o.discount_total::text, o.tax_total::text,
               o.tip_total::text, o.duty_total::text, o.total::text, o.credited::text, o.paid::text, o.refunded::text,
               (SELECT coalesce(sum(amount), 0)::text FROM orders_payment
                WHERE order_id = o.id AND status = 'AUTHORIZED') AS authorized,
               (SELECT coalesce(sum(amount), 0)::text FROM orders_repayment
                WHERE order_id = o.id AND (state = 'PENDING' OR doubtful AND state IN ('WAITING', 'BY_HAND', 'FAILED'))
               ) AS leaving
    ) AS head),
    (SELECT row_to_json(a) FROM (
        SELECT name, company, line1, line2, city, province, postal_code, country, phone
        FROM orders_address WHERE id = o.shipping_address_id
    ) AS a),
    ({_LINES}),
    (SELECT row_to_json(h) FROM (
        SELECT closed_at IS NULL AND (until IS NULL OR until > %(at)s) AS open, staff_only, until, closed_at, rule,
               detail, facts, closed_because
        FROM orders_hold WHERE order_id = o.id AND reason = 'EDIT_WINDOW' ORDER BY id DESC LIMIT 1
    ) AS h),
    (SELECT json_build_array(id, state) FROM orders_edit
     WHERE order_id = o.id AND state IN ('AWAITING_APPROVAL', 'AWAITING_PAYMENT')),
    (SELECT json_agg(row_to_json(each)) FROM ({_CHOICES}) AS each(variant_id, product_id, sku, title, options, price,
        currency, category_id, divisible, active, weight_grams, available, low, low_at)),
    (SELECT json_agg(row_to_json(each)) FROM (
        SELECT channel_id, country, method, title, currency, price::text, free_from::text, weight_from, weight_below,
               tax_rate::text
        FROM orders_shippingrate
        WHERE active AND currency = o.currency AND (channel_id IS NULL OR channel_id = o.channel_id)
          AND country IN ('', o.country, %(country)s)
    ) AS each),
    (SELECT json_agg(row_to_json(each)) FROM (
        SELECT country, province, category_id, rate::text, from_date, until_date FROM orders_taxrate
        WHERE country IN (o.country, %(country)s)
    ) AS each),
    ({_PERMISSIONS}),
    CASE WHEN o.fulfillment_count > 0 THEN (
        SELECT json_agg(json_build_array(f.number, w.code, w.partner) ORDER BY f.id)
        FROM orders_fulfillment f JOIN inventory_warehouse w ON w.id = f.warehouse_id
        WHERE f.order_id = o.id AND f.status = 'IN_PROGRESS'
    ) END
FROM orders_order o JOIN oms_channel c ON c.id = o.channel_id
WHERE o.number = %(number)s
"""  # noqa: S608 - our own columns, no input


def read_edit_state(
    number: str,
    *,
    skus: Collection[str] = (),
    country: str = "",
    offer_items: Collection[int] = (),
    actor: str,
    at: datetime,
) -> EditState:
    """The order with the SKUs, the country and the offers that the edit names. Under its lock, or for a preview.

    Only where something was offered, or became a line, a second statement asks for what was agreed.

    Raises:
        OrderNotFound
    """
    parameters = {"number": number, "skus": list(skus), "country": country, "actor": actor, "at": at}
    rows = fetch_all(_READ, parameters)
    if not rows:
        raise OrderNotFound(number)
    order_id, status, test, self_service, gateway, payment_minutes, approval_minutes, *parts = rows[0]
    head, address, lines, window, open_edit, choices, rates, taxes, permissions, in_hand = parts
    order = _order(head, address, lines)
    taken = {line.offer_item for line in order.lines if line.offer_item is not None}
    return EditState(
        order_id=order_id,
        status=status,
        test=test,
        self_service=self_service,
        gateway=gateway,
        payment_minutes=payment_minutes,
        approval_minutes=approval_minutes,
        order=order,
        around=Surroundings(
            choices={each["sku"]: _choice(each) for each in choices or ()},
            rates=tuple(Rate(**_decimals(each, "price", "free_from", "tax_rate")) for each in rates or ()),
            taxes=tuple(_tax_row(each) for each in taxes or ()),
            today=at.date(),
            deals=read_deals(order_id, {*offer_items, *taken}, at),
        ),
        window=_window(window) if window else None,
        open_edit=(open_edit[0], open_edit[1]) if open_edit else None,
        permissions=_read_permissions(permissions),
        in_hand=tuple(InHand(*each) for each in in_hand or ()),
    )


def read_permissions(actor: str) -> tuple[Permission, ...]:
    """The rows of the table that are about this actor, in their order."""
    (rows,) = fetch_one(_PERMISSIONS, {"actor": actor})
    return _read_permissions(rows)


def see_window(hold: Hold, *, at: datetime) -> WindowState:
    """The same of a hold that was read already."""
    return WindowState(
        open=hold.is_open(at=at),
        staff_only=hold.staff_only,
        until=hold.until,
        closed_at=hold.closed_at,
        rule=hold.rule,
        detail=hold.detail,
        facts=hold.facts,
        closed_because=hold.closed_because,
    )


def read_lines(order_id: int) -> tuple[LineState, ...]:
    """The order's lines alone: for an edit that was planned before. Under the order's lock."""
    (lines,) = fetch_one(f"SELECT ({_LINES}) FROM orders_order o WHERE o.id = %s", [order_id])  # noqa: S608
    return _read_lines(lines)


_MONEY = (
    *("shipping_total", "shipping_tax", "discount_total", "tax_total", "tip_total", "duty_total"),
    *("total", "credited", "paid", "refunded", "authorized", "leaving"),
)
_LINE = ("quantity", "cancelled", "fulfilled", "unit_price", "discount", "tax")


def _order(head: dict[str, Any], address: dict[str, str] | None, lines: list[dict[str, Any]] | None) -> OrderState:
    return OrderState(
        **_decimals(head, *_MONEY),
        address=address or {},
        lines=_read_lines(lines),
    )


def _read_lines(lines: list[dict[str, Any]] | None) -> tuple[LineState, ...]:
    return tuple(LineState(**_decimals(line, *_LINE)) for line in lines or ())


def _choice(row: dict[str, Any]) -> Choice:
    return Choice(**_decimals(row, "price", "available"))


def _tax_row(row: dict[str, Any]) -> TaxRow:
    until = row["until_date"]
    days = {
        "from_date": date.fromisoformat(row["from_date"]),
        "until_date": date.fromisoformat(until) if until else None,
    }
    return TaxRow(**(_decimals(row, "rate") | days))


def _read_permissions(rows: list[dict[str, Any]] | None) -> tuple[Permission, ...]:
    return tuple(_permission(row) for row in rows or ())


def _permission(row: dict[str, Any]) -> Permission:
    limits = row.pop("limits")
    amounts = {currency: Decimal(str(amount)) for currency, amount in limits.items()} if limits is not None else None
    return Permission(limits=amounts, **row)


def _window(row: dict[str, Any]) -> WindowState:
    moments = {name: datetime.fromisoformat(row[name]) if row[name] else None for name in ("until", "closed_at")}
    return WindowState(**(row | moments))


def _decimals(row: dict[str, Any], *names: str) -> dict[str, Any]:
    return row | {name: Decimal(row[name]) for name in names if row[name] is not None}
