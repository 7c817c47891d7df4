"""An order as the API shows it: the same for one just placed, one read, and each of a page."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any

from oms.currencies import MINOR_UNITS
from oms.quantities import plain
from orders.actions.drafting import Draft
from orders.models import Hold
from orders.queries.order_rows import OrderRows

Row = Mapping[str, Any]
Json = dict[str, Any]

_ADDRESS = ("name", "company", "line1", "line2", "city", "province", "postal_code", "country", "phone")


def present_order(rows: OrderRows, *, at: datetime) -> Json:
    """The whole order; holds are those open at `at`."""
    order = rows.order
    money = _Purse(order["currency"])
    holds = [_present_hold(hold) for hold in rows.holds if _is_open(hold, at)]
    amounts = _present_amounts(order, money)
    return {
        "number": order["number"],
        "channel": rows.channel,
        "external_id": order["external_id"],
        "external_number": order.get("external_number", ""),
        "status": order["status"],
        "financial_status": order["financial_status"],
        "fulfillment_status": order["fulfillment_status"],
        "version": order.get("version", 1),
        **_present_moments(order),
        "currency": order["currency"],
        "tax_included": order["tax_included"],
        "customer": _present_customer(rows),
        "shipping_address": _present_address(rows.shipping_address),
        "billing_address": _present_address(rows.billing_address),
        "lines": [_present_line(line, money) for line in rows.lines],
        "shipping": {
            "method": order["shipping_method"],
            "amount": amounts["shipping"],
            "tax": money(order["shipping_tax"]),
        },
        "total": amounts["total"],
        "paid": amounts["paid"],
        "refunded": amounts["refunded"],
        "balance": amounts["balance"],
        "money": amounts,
        "totals_mismatch": order["stated_total"] is not None,
        "stated_total": money(order["stated_total"]) if order["stated_total"] is not None else None,
        "presentment": _present_presentment(order),
        "holds": holds,
        "edit_window": _present_window(rows.holds, at),
        "payments": [_present_payment(payment, money) for payment in rows.payments],
        "refunds": [_present_refund(refund, money) for refund in rows.refunds],
        "fulfillments": [],
        "returns": [],
        "tags": order["tags"],
        "note": order["note"],
        "test": order["test"],
    }


def rows_of_draft(draft: Draft) -> OrderRows:
    """What was just written, in the shape in which it would be read."""
    addresses = {address["id"]: address for address in draft.addresses}
    customer = draft.incoming.customer
    return OrderRows(
        order=draft.order,
        channel=draft.channel.code,
        customer=customer.__dict__ if customer and customer.email else None,
        shipping_address=addresses.get(draft.order["shipping_address_id"]),
        billing_address=addresses.get(draft.order["billing_address_id"]),
        lines=draft.lines,
        holds=draft.holds,
        payments=draft.payments,
        refunds=draft.refunds,
    )


class _Purse:
    """Writes amounts of one currency. A unit price may be finer than the minor unit; it keeps its digits."""

    __slots__ = ("currency", "form")

    def __init__(self, currency: str) -> None:
        self.currency = currency
        self.form = f".{MINOR_UNITS[currency]}f"

    def __call__(self, amount: Decimal) -> Json:
        return {"amount": format(amount, self.form), "currency": self.currency}

    def exact(self, amount: Decimal) -> Json:
        rounded = format(amount, self.form)
        exact = rounded if Decimal(rounded) == amount else format(amount.normalize(), "f")
        return {"amount": exact, "currency": self.currency}


def _present_amounts(order: Row, money: _Purse) -> Json:
    owed = order["total"] - order["credited"]
    return {
        "items": money(order["item_total"]),
        "discount": money(order["discount_total"]),
        "shipping": money(order["shipping_total"]),
        "tax": money(order["tax_total"]),
        "tip": money(order["tip_total"]),
        "duty": money(order["duty_total"]),
        "total": money(order["total"]),
        "credited": money(order["credited"]),
        "paid": money(order["paid"]),
        "refunded": money(order["refunded"]),
        "balance": money(owed - order["paid"] + order["refunded"]),
    }


def _present_moments(order: Row) -> Json:
    return {
        "placed_at": order["placed_at"],
        "updated_at": order["updated_at"],
        "released_at": order["released_at"],
        "cancelled_at": order["cancelled_at"],
        "cancel_reason": order["cancel_reason"],
        "closed_at": order["closed_at"],
    }


def _present_customer(rows: OrderRows) -> Json | None:
    customer = rows.customer
    if customer is None:
        return None
    return {
        "email": rows.order["email"],
        "name": customer["name"],
        "phone": rows.order["phone"] or customer["phone"],
        "locale": rows.order["locale"] or customer["locale"],
        "accepts_marketing": customer["accepts_marketing"],
    }


def _present_address(address: Row | None) -> Json | None:
    return {name: address[name] for name in _ADDRESS} if address else None


def _present_line(line: Row, money: _Purse) -> Json:
    quantity, cancelled, fulfilled = line["quantity"], line["cancelled_quantity"], line["fulfilled_quantity"]
    return {
        "id": line["id"],
        "external_id": line["external_id"],
        "kind": line["kind"],
        "sku": line["sku"],
        "title": line["title"],
        "quantity": plain(quantity),
        "cancelled_quantity": plain(cancelled),
        "fulfilled_quantity": plain(fulfilled),
        "open_quantity": plain(quantity - cancelled - fulfilled),
        "unit_price": money.exact(line["unit_price"]),
        "discount": money(line["discount"]),
        "tax": money(line["tax"]),
        "properties": line["properties"],
    }


def _present_presentment(order: Row) -> Json | None:
    if not order["presentment_currency"]:
        return None
    return _Purse(order["presentment_currency"])(order["presentment_total"])


def _is_open(hold: Row, at: datetime) -> bool:
    return hold.get("closed_at") is None and (hold["until"] is None or hold["until"] > at)


def _present_hold(hold: Row) -> Json:
    return {
        "id": hold["id"],
        "reason": hold["reason"],
        "detail": hold["detail"],
        "until": hold["until"],
        "opened_at": hold["opened_at"],
        "opened_by": hold["opened_by"],
    }


def _present_window(holds: Sequence[Row], at: datetime) -> Json | None:
    for hold in holds:
        if hold["reason"] == Hold.Reason.EDIT_WINDOW and _is_open(hold, at):
            return {"until": hold["until"], "rule": hold["rule"], "reason": hold["detail"]}
    return None


def _present_payment(payment: Row, money: _Purse) -> Json:
    return {
        "id": payment["id"],
        "gateway": payment["gateway"],
        "reference": payment["reference"],
        "status": payment["status"],
        "amount": money(payment["amount"]),
        "captured_at": payment["captured_at"],
    }


def _present_refund(refund: Row, money: _Purse) -> Json:
    return {
        "id": refund["id"],
        "external_id": refund["external_id"],
        "gateway": refund["gateway"],
        "amount": money(refund["amount"]),
        "reason": refund["reason"],
        "refunded_at": refund["refunded_at"],
    }
