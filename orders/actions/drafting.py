"""From an `IncomingOrder` to the rows that it becomes. Nothing is written here."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any

from inventory.actions.promising import Claim
from oms.errors import FieldError, Invalid
from orders.actions.windows.granting import Grants, describe_new_order, grant_window, hold_row, window_row
from orders.channels.incoming import IncomingAddress, IncomingOrder, IncomingPayment
from orders.models import Hold, Order, OrderLine, Payment
from orders.policies.first_holds import judge_first_holds
from orders.policies.paying import judge_financial_status
from orders.policies.pilots import judge_pilot
from orders.policies.totals import LARGEST_TOTAL, Extras, PricedLine, Totals, add_up
from orders.queries.references import ChannelFacts, References, VariantFacts

Row = dict[str, Any]

PAYMENT_STATUS = {
    "PENDING": Payment.Status.PENDING,
    "AUTHORIZED": Payment.Status.AUTHORIZED,
    "PAID": Payment.Status.CAPTURED,
    "VOIDED": Payment.Status.VOIDED,
    "FAILED": Payment.Status.FAILED,
}


@dataclass(slots=True)
class Draft:
    """The rows of one order, ready to be written."""

    incoming: IncomingOrder
    channel: ChannelFacts
    order: Row
    customer: Row | None
    addresses: list[Row]
    lines: list[Row]
    payments: list[Row]
    refunds: list[Row]
    holds: list[Row]
    claims: list[Claim] = field(default_factory=list)

    @property
    def number(self) -> str:
        return self.order["number"]

    @property
    def waits_for_stock(self) -> bool:
        return any(hold["reason"] == Hold.Reason.STOCK_SHORT for hold in self.holds)

    @property
    def open_holds(self) -> list[Row]:
        return [hold for hold in self.holds if hold["closed_at"] is None]


@dataclass(slots=True)
class FreshIds:
    """Ids that the database set aside for this batch, and the new customers that took one, by e-mail."""

    orders: Iterator[int]
    lines: Iterator[int]
    addresses: Iterator[int]
    customers: Iterator[int]
    new_customers: dict[str, Row] = field(default_factory=dict)


def check_against_catalogue(order: IncomingOrder, references: References) -> None:
    """Refuse what the catalogue, the channel list or common sense rule out.

    Raises:
        Invalid: with a pointer to each place.
    """
    errors = [*_channel_errors(order, references), *_line_errors(order, references), *_money_errors(order)]
    if order.needs_address and (order.shipping_address is None or not order.shipping_address.country):
        errors.append(FieldError("/shipping_address", "no_address", "Goods must be sent, but there is no address."))
    if errors:
        raise Invalid(" ".join(error.detail for error in errors), errors=errors)


def _channel_errors(order: IncomingOrder, references: References) -> Iterator[FieldError]:
    channel = references.channels.get(order.channel)
    if channel is None:
        yield FieldError("/channel", "unknown_channel", f"There is no channel {order.channel}.")
    elif not channel.active:
        yield FieldError("/channel", "inactive_channel", f"Channel {order.channel} is switched off.")


def _line_errors(order: IncomingOrder, references: References) -> Iterator[FieldError]:
    for place, line in enumerate(order.lines):
        if line.kind != "PRODUCT":
            continue
        variant = references.variants.get(line.sku)
        if variant is None:
            yield FieldError(f"/lines/{place}/sku", "unknown_sku", f"There is no SKU {line.sku}.")
        elif not variant.divisible and line.quantity % 1:
            detail = f"{line.sku} is sold in whole units, not {line.quantity}."
            yield FieldError(f"/lines/{place}/quantity", "fractional_quantity", detail)


def _money_errors(order: IncomingOrder) -> Iterator[FieldError]:
    """A payment or refund that is named twice would count twice."""
    payments = [(payment.gateway, payment.reference) for payment in order.all_payments if payment.reference]
    if len(set(payments)) < len(payments):
        yield FieldError("/payments", "payment_repeated", "Two payments of one gateway have the same reference.")
    refunds = [refund.external_id for refund in order.refunds]
    if len(set(refunds)) < len(refunds):
        yield FieldError("/refunds", "refund_repeated", "Two refunds have the same external_id.")


def draft_order(
    order: IncomingOrder, references: References, ids: FreshIds, grants: Grants, *, by: str, at: datetime
) -> Draft:
    """The rows that the order becomes.

    Raises:
        Invalid: the amounts make no order (discounts above the price, more refunded than paid, too large).
    """
    channel = references.channels[order.channel]
    totals = add_up_incoming(order)
    payments = [_payment_row(payment, totals.total, order) for payment in order.all_payments]
    money = _money_columns(order, totals, payments)
    order_id = next(ids.orders)
    addresses, shipping_id, billing_id = _address_rows(order, ids)
    customer, customer_id = _customer_row(order, references, ids)

    identity = _identity_columns(order, order_id, channel)
    claims = _claims(order, identity["number"], references.variants)
    holds: list[Row] = []
    if _may_go_out(order):
        verdict = grant_window(order, claims, references, grants, total=totals.total, at=at)
        window = window_row(verdict, order_id, placed_at=order.placed_at, by=by, at=at)
        others = judge_first_holds(describe_new_order(order, totals.total, money["financial_status"]))
        holds = [*([window] if window else []), *(hold_row(hold, order_id, by=by, at=at) for hold in others)]
    row = {
        **identity,
        **_buyer_columns(order, customer_id, shipping_id, billing_id),
        **money,
        **_standing_columns(order, held=any(hold["closed_at"] is None for hold in holds), at=at),
        "self_service": judge_pilot(channel=channel.code, customer=order.email, share=channel.self_service_share),
    }
    return Draft(
        incoming=order,
        channel=channel,
        order=row,
        customer=customer,
        addresses=addresses,
        lines=_line_rows(order, order_id, references.variants, ids),
        payments=[{"order_id": order_id, **payment} for payment in payments],
        refunds=_refund_rows(order, order_id),
        holds=holds,
        claims=claims,
    )


def add_up_incoming(order: IncomingOrder) -> Totals:
    """The order's own sum.

    Raises:
        Invalid: it is below zero or beyond all reason.
    """
    lines = [PricedLine(line.quantity, line.unit_price, line.discount, line.tax) for line in order.lines]
    extras = Extras(order.discount, order.shipping.amount, order.shipping.tax, order.tip, order.duty)
    totals = add_up(lines, extras, tax_included=order.tax_included, currency=order.currency)
    if totals.total < 0:
        detail = "The discounts exceed what the order costs."
        raise Invalid(detail, errors=[FieldError("/discount", "discount_exceeds_total", detail)])
    if max(totals.items, totals.discounts, totals.tax, totals.total) >= LARGEST_TOTAL:
        detail = "The order is larger than any order can be."
        raise Invalid(detail, errors=[FieldError("/total", "amount_too_large", detail)])
    return totals


def _identity_columns(order: IncomingOrder, order_id: int, channel: ChannelFacts) -> Row:
    return {
        "id": order_id,
        "number": str(1_000_000 + order_id),
        "channel_id": channel.id,
        "external_id": order.external_id,
        "external_number": order.external_number,
        "placed_at": order.placed_at,
        "channel_updated_at": order.updated_at,
        "tags": list(dict.fromkeys(order.tags)),
        "note": order.note,
        "test": order.test,
    }


def _buyer_columns(
    order: IncomingOrder, customer_id: int | None, shipping_id: int | None, billing_id: int | None
) -> Row:
    customer, address = order.customer, order.shipping_address
    return {
        "customer_id": customer_id,
        "email": order.email,
        "phone": (customer.phone if customer else "") or (address.phone if address else ""),
        "locale": customer.locale if customer else "",
        "shipping_address_id": shipping_id,
        "billing_address_id": billing_id,
        "country": address.country if address else "",
        "shipping_method": order.shipping.method,
        "ship_after": order.ship_after,
    }


def _money_columns(order: IncomingOrder, totals: Totals, payments: Sequence[Row]) -> Row:
    by_status: dict[str, Decimal] = defaultdict(Decimal)
    for payment in payments:
        by_status[payment["status"]] += payment["amount"]
    paid = by_status[Payment.Status.CAPTURED]
    if paid >= LARGEST_TOTAL:
        detail = "More was paid than any order can cost."
        raise Invalid(detail, errors=[FieldError("/payments", "amount_too_large", detail)])
    refunded = sum((refund.amount for refund in order.refunds), Decimal(0))
    if refunded > paid:
        detail = f"{refunded} was refunded, but only {paid} {order.currency} paid."
        raise Invalid(detail, errors=[FieldError("/refunds", "refund_exceeds_payment", detail)])

    return {
        "currency": order.currency,
        "tax_included": order.tax_included,
        "item_total": totals.items,
        "discount_total": totals.discounts,
        "shipping_total": order.shipping.amount,
        "shipping_tax": order.shipping.tax,
        "tax_total": totals.tax,
        "tip_total": order.tip,
        "duty_total": order.duty,
        "total": totals.total,
        "stated_total": order.total if order.total is not None and order.total != totals.total else None,
        "presentment_currency": order.presentment.currency if order.presentment else "",
        "presentment_total": order.presentment.total if order.presentment else None,
        "paid": paid,
        "refunded": refunded,
        "credited": totals.total if order.cancelled_at else min(refunded, totals.total),
        "financial_status": judge_financial_status(
            total=totals.total,
            paid=paid,
            refunded=refunded,
            authorized=by_status[Payment.Status.AUTHORIZED],
            voided=Payment.Status.VOIDED in by_status,
        ),
    }


def _is_fulfilled(order: IncomingOrder) -> bool:
    return order.fulfilled_at is not None or all(line.open_quantity == 0 for line in order.lines)


def _may_go_out(order: IncomingOrder) -> bool:
    """An order that came cancelled or fulfilled will never go out from here: nothing needs to hold it."""
    return order.cancelled_at is None and not _is_fulfilled(order)


def _standing_columns(order: IncomingOrder, *, held: bool, at: datetime) -> Row:
    fulfilled = _is_fulfilled(order)
    if order.cancelled_at:
        status = Order.Status.CANCELLED
    elif fulfilled:
        status = Order.Status.CLOSED
    else:
        status = Order.Status.HELD if held else Order.Status.RELEASED

    return {
        "status": status,
        "fulfillment_status": _fulfillment_status(order),
        "cancelled_at": order.cancelled_at,
        "cancel_reason": order.cancel_reason,
        "closed_at": (order.fulfilled_at or at) if status == Order.Status.CLOSED else None,
        "released_at": at if status == Order.Status.RELEASED else None,
        "updated_at": at,
    }


def _fulfillment_status(order: IncomingOrder) -> str:
    """An order whose every line was cancelled has nothing left to send, but nothing of it was sent."""
    words = Order.FulfillmentStatus
    if order.fulfilled_at is None and not any(line.fulfilled_quantity for line in order.lines):
        return words.UNFULFILLED
    return words.FULFILLED if _is_fulfilled(order) else words.PARTIALLY_FULFILLED


def _customer_row(order: IncomingOrder, references: References, ids: FreshIds) -> tuple[Row | None, int | None]:
    """A new customer's row stands on each of their orders in the batch: any of them may yet be refused."""
    customer = order.customer
    if customer is None or not customer.email:
        return None, None
    if customer.email in references.customers:
        return None, references.customers[customer.email][0]
    if customer.email not in ids.new_customers:
        ids.new_customers[customer.email] = {
            "id": next(ids.customers),
            "email": customer.email,
            "name": customer.name,
            "phone": customer.phone,
            "locale": customer.locale,
            "accepts_marketing": customer.accepts_marketing,
        }
    row = ids.new_customers[customer.email]
    return row, row["id"]


def _address_rows(order: IncomingOrder, ids: FreshIds) -> tuple[list[Row], int | None, int | None]:
    shipping, billing = order.shipping_address, order.billing_address
    rows, shipping_id, billing_id = [], None, None
    if shipping:
        shipping_id = next(ids.addresses)
        rows.append(_address_row(shipping, shipping_id))
    if billing and billing == shipping:
        billing_id = shipping_id
    elif billing:
        billing_id = next(ids.addresses)
        rows.append(_address_row(billing, billing_id))
    return rows, shipping_id, billing_id


def _address_row(address: IncomingAddress, address_id: int) -> Row:
    return {"id": address_id, **address.__dict__}


def _line_rows(order: IncomingOrder, order_id: int, variants: dict[str, VariantFacts], ids: FreshIds) -> list[Row]:
    rows = []
    for position, line in enumerate(order.lines, start=1):
        variant = variants[line.sku] if line.kind == OrderLine.Kind.PRODUCT else None
        rows.append(
            {
                "id": next(ids.lines),
                "order_id": order_id,
                "position": position,
                "external_id": line.external_id,
                "kind": line.kind,
                "variant_id": variant.id if variant else None,
                "sku": line.sku,
                "title": line.title or (variant.title if variant else ""),
                "quantity": line.quantity,
                "cancelled_quantity": line.cancelled_quantity,
                "fulfilled_quantity": line.quantity - line.cancelled_quantity
                if order.fulfilled_at
                else line.fulfilled_quantity,
                "unit_price": line.unit_price,
                "discount": line.discount,
                "tax": line.tax,
                "properties": line.properties,
            }
        )
    return rows


def _payment_row(payment: IncomingPayment, total: Decimal, order: IncomingOrder) -> Row:
    return {
        "gateway": payment.gateway,
        "reference": payment.reference,
        "status": PAYMENT_STATUS[payment.status],
        "amount": total if payment.amount is None else payment.amount,
        "currency": order.currency,
        "captured_at": (payment.captured_at or order.placed_at) if payment.status == "PAID" else None,
    }


def _refund_rows(order: IncomingOrder, order_id: int) -> list[Row]:
    return [
        {
            "order_id": order_id,
            "external_id": refund.external_id,
            "gateway": refund.gateway,
            "amount": refund.amount,
            "currency": order.currency,
            "reason": refund.reason,
            "lines": [{"line": line.line, "quantity": str(line.quantity)} for line in refund.lines],
            "refunded_at": refund.refunded_at,
        }
        for refund in order.refunds
    ]


def _claims(order: IncomingOrder, number: str, variants: dict[str, VariantFacts]) -> list[Claim]:
    """One claim a SKU: two lines of one SKU add up. Test orders and what needs no stock any more claim nothing."""
    if order.test or order.cancelled_at or order.fulfilled_at:
        return []
    wanted: dict[int, Decimal] = defaultdict(Decimal)
    for line in order.lines:
        if line.kind == OrderLine.Kind.PRODUCT and line.open_quantity > 0:
            wanted[variants[line.sku].id] += line.open_quantity
    return [Claim(number, variant_id, units, order.placed_at) for variant_id, units in wanted.items()]
