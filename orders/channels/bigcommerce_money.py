"""BigCommerce's lines, fees, shipping, payments and refunds.

Every amount comes twice, with and without tax, to four decimals; it is rounded to the currency's minor unit, halves up.
"""

from datetime import UTC
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from pydantic import ValidationError

from oms.money import round_amount
from orders.channels.building import Fields, add_up_fields, price_each, refuse_invalid, settle_tax
from orders.channels.incoming import IncomingRefund
from orders.channels.port import IncomingRefundNotice, NotAnOrder
from orders.channels.reading import Part
from orders.channels.reasons import cannot_take

AWAITING_PAYMENT = "7"

PAYMENT_STATUS = {
    "captured": "PAID",
    "paid": "PAID",
    "partially refunded": "PAID",
    "refunded": "PAID",
    "authorized": "AUTHORIZED",
    "capture pending": "AUTHORIZED",
    "held for review": "PENDING",
    "pending": "PENDING",
    "declined": "FAILED",
    "void": "VOIDED",
    "void pending": "VOIDED",
}


def read_goods(order: Part, currency: str) -> tuple[Fields, Decimal]:
    """Lines, shipping, discount and total; and how much of it store credit and gift certificates have paid.

    Prices are taken as the shop enters them, with or without tax, unless only the other reading comes out at the total
    to the cent. The documents do not say whether the total is before or after credits: that, too, is read off it.
    """
    total = order.amount("total_inc_tax")
    stated = None if total is None else _rounded(total, currency)
    credits = _rounded(order.sum_of("store_credit_amount", "gift_certificate_amount"), currency)
    gross = order.flag("is_tax_inclusive_pricing")
    readings = [_read_goods(order, currency, gross=each) for each in (gross, not gross)]
    for whole in (stated, None if stated is None else stated + credits):
        for goods in readings:
            if add_up_fields(goods) == whole:
                return {**goods, "total": whole}, credits
    return {**readings[0], "total": stated}, credits


def _read_goods(order: Part, currency: str, *, gross: bool) -> Fields:
    suffix = "inc_tax" if gross else "ex_tax"
    lines = [_read_line(line, currency, suffix) for line in order.parts("products") if line.sum_of("quantity")]
    on_lines = sum((line["discount"] for line in lines), Decimal(0))
    if not lines:
        raise cannot_take("no_lines")

    for line, stated in zip(lines, (each for each in order.parts("products") if each.sum_of("quantity")), strict=True):
        each, surplus = price_each(_line_price(stated, currency, suffix), line["quantity"], currency)
        line |= {"unit_price": each, "discount": line["discount"] + surplus}
    lines += _fee_lines(order, currency, suffix)
    shipping = _read_shipping(order, currency, suffix)
    settle_tax(lines, shipping, order.amount("total_tax"), currency)
    discount = _rounded(order.sum_of("discount_amount", "coupon_discount"), currency) - on_lines
    return {
        "currency": currency,
        "tax_included": gross,
        "lines": lines,
        "shipping": shipping,
        "discount": max(discount, Decimal(0)),
    }
