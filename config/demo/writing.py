"""From a purchase to the `IncomingOrder` that its channel sends."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from config.demo.baskets import Item
from config.demo.dice import roll
from config.demo.prices import SHOWN_AT, currency_of, is_free, price_in, tax_on, tax_rate
from config.demo.sales import BANK_TRANSFER, Sale
from oms.money import round_amount, split_amount
from orders.channels.incoming import IncomingOrder
from orders.policies.totals import Extras, PricedLine, add_up

PROMOTION_OFF = Decimal("0.20")
NOTHING = Decimal(0)


@dataclass(frozen=True, slots=True)
class Line:
    """An item in the order's currency. `discount` is the line's own, `share` its part of the order's discount."""

    item: Item
    price: Decimal
    goods: Decimal
    discount: Decimal
    share: Decimal = NOTHING

    @property
    def net(self) -> Decimal:
        return self.goods - self.discount - self.share


def write_order(sale: Sale) -> IncomingOrder:
    """The message of the moment of purchase: nothing has left yet."""
    currency = currency_of(sale.shop, sale.country)
    rate = tax_rate(sale.country, sale.buyer.address["province"])
    included = rate > 0 and not sale.country.tax_added
    lines, discount = _price_lines(sale, currency)

    def tax(amount: Decimal) -> Decimal:
        return tax_on(amount, rate, currency, included=included)

    goods = sum((line.net for line in lines), NOTHING)
    taxes = [NOTHING if line.item.kind == "GIFT_CARD" else tax(line.net) for line in lines]
    shipping = _shipping(sale, currency)
    tip = price_in(sale.tip, currency) if sale.tip else NOTHING
    duty = round_amount(goods * sale.country.duty_share, currency) if sale.prepaid_duty else NOTHING
    total = add_up(
        [
            PricedLine(line.item.quantity, line.price, line.discount, amount)
            for line, amount in zip(lines, taxes, strict=True)
        ],
        Extras(discount, shipping, tax(shipping), tip, duty),
        tax_included=included,
        currency=currency,
    ).total
    return IncomingOrder.model_validate(
        {
            **_head(sale, currency),
            "tax_included": included,
            "lines": [_line_fields(n, line, taxes[n - 1]) for n, line in enumerate(lines, start=1)],
            "shipping": {"method": sale.method.name, "amount": shipping, "tax": tax(shipping)},
            "discount": discount,
            "tip": tip,
            "duty": duty,
            "total": total + sale.misstated,
            "presentment": _presentment(sale, total),
            "payments": [_payment(sale, total, currency)],
        }
    )


def _price_lines(sale: Sale, currency: str) -> tuple[list[Line], Decimal]:
    """The lines, and the order's own discount, which is shared out among them for the tax."""
    lines = []
    for item in sale.items:
        price = price_in(item.price, currency)
        goods = round_amount(item.quantity * price, currency)
        off = sale.promotion and item.kind == "PRODUCT"
        lines.append(Line(item, price, goods, round_amount(goods * PROMOTION_OFF, currency) if off else NOTHING))
    goods = sum((line.net for line in lines), NOTHING)
    voucher = price_in(sale.voucher, currency) if sale.voucher else NOTHING
    if not voucher or voucher * 2 > goods:
        return lines, NOTHING
    shares = split_amount(voucher, [line.net for line in lines], currency)
    priced = [
        Line(line.item, line.price, line.goods, line.discount, share) for line, share in zip(lines, shares, strict=True)
    ]
    return priced, voucher


def _shipping(sale: Sale, currency: str) -> Decimal:
    goods = sum((item.price * item.quantity for item in sale.items), NOTHING)
    return NOTHING if is_free(sale.method, goods) else price_in(sale.method.price, currency)


def _head(sale: Sale, currency: str) -> dict[str, Any]:
    external_id, external_number = name_at_channel(sale)
    address = sale.buyer.address | {"company": sale.company, "phone": sale.buyer.phone}
    shipping_address = {name: value for name, value in address.items() if name not in sale.lost_fields}
    return {
        "channel": sale.shop.code,
        "external_id": external_id,
        "external_number": external_number,
        "placed_at": sale.at,
        "updated_at": sale.at,
        "currency": currency,
        "customer": sale.buyer.as_customer(),
        "shipping_address": shipping_address,
        "billing_address": address if sale.company else shipping_address,
        "tags": sale.tags,
        "note": sale.note,
        "test": sale.test,
    }


def name_at_channel(sale: Sale) -> tuple[str, str]:
    """The order's id and number as its channel gives them."""
    dice, n = roll("name", sale.number), sale.number
    match sale.shop.connector:
        case "SHOPIFY":
            return str(6_214_000_000_000 + n * 32_768 + dice.randrange(30_000)), f"#MF{4100 + n}"
        case "WOOCOMMERCE":
            return str(18_200 + n * 3), str(18_200 + n * 3)
        case "AMAZON":
            amazon = f"{dice.choice((302, 303, 304, 306))}-{dice.randrange(10**7):07}-{(n * 4_099) % 10**7:07}"
            return amazon, amazon
        case "BIGCOMMERCE":
            return str(2_400 + n), str(2_400 + n)
    return f"mf-{100_000 + n}", f"MF-{100_000 + n}"


def _line_fields(number: int, line: Line, tax: Decimal) -> dict[str, Any]:
    item = line.item
    return {
        "external_id": str(number),
        "kind": item.kind,
        "sku": item.article.sku if item.article else "",
        "title": item.title or (item.article.title if item.article else ""),
        "quantity": item.quantity,
        "unit_price": line.price,
        "discount": line.discount,
        "tax": tax,
        "properties": item.properties,
    }


def _presentment(sale: Sale, total: Decimal) -> dict[str, Any] | None:
    if sale.shop.connector != "SHOPIFY" or sale.country.code not in SHOWN_AT:
        return None
    currency, rate = SHOWN_AT[sale.country.code]
    return {"currency": currency, "total": round_amount(total * Decimal(rate), currency)}


def _payment(sale: Sale, total: Decimal, currency: str) -> dict[str, Any]:
    """As it stood a moment after the purchase. A bank transfer has no reference before it arrives."""
    payment: dict[str, Any] = {
        "gateway": sale.gateway,
        "reference": f"{sale.gateway[:2]}_{roll('payment', sale.number).getrandbits(64):016x}",
        "amount": round_amount(total * sale.paid_share, currency),
    }
    if sale.declined:
        return payment | {"status": "FAILED"}
    if sale.gateway == BANK_TRANSFER:
        return payment | {"status": "PENDING", "reference": f"MF-{100_000 + sale.number}"}
    if sale.only_authorized:
        return payment | {"status": "AUTHORIZED"}
    return payment | {"status": "PAID", "captured_at": sale.at}


def settle_payments(order: IncomingOrder, at: datetime) -> IncomingOrder:
    """The same order once its money is there."""
    settled = [
        payment.model_copy(update={"status": "PAID", "captured_at": payment.captured_at or at})
        for payment in order.payments
    ]
    return order.model_copy(update={"payments": settled})
