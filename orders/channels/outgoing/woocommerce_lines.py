"""WooCommerce's copy of an order, and our lines in its net amounts."""

from collections.abc import Collection, Mapping
from decimal import ROUND_HALF_UP, Decimal
from html import unescape
from typing import Any

from oms.money import round_amount
from orders.channels.outgoing.port import ChannelCopy, ChannelRefused, CopyLine, Desired, DesiredLine, PostalAddress

CANCELLED = ("cancelled", "trash", "refunded")
_CENT, _FINEST = Decimal("0.01"), Decimal("0.000001")


def copy_of(order: Mapping[str, Any]) -> ChannelCopy:
    """An order as the API answers it. Its total stays what it was when money is given back."""
    billing, shipping = order["billing"], order["shipping"]
    lines = order["shipping_lines"]
    net, tax = Decimal(order["shipping_total"]), Decimal(order["shipping_tax"])
    return ChannelCopy(
        external_id=str(order["id"]),
        currency=order["currency"],
        lines=tuple(_line_of(line) for line in order["line_items"]),
        email=billing["email"],
        phone=billing["phone"],
        address=_address_of(shipping),
        shipping_method=", ".join(line["method_title"] for line in lines)[:120],
        shipping_amount=_rounded(net + tax if order["prices_include_tax"] else net, order["currency"]),
        total=Decimal(order["total"]),
        total_is_owed=False,
        cancelled=order["status"] in CANCELLED,
        raw=order,
    )


def line_document(line: DesiredLine, desired: Desired, rates: Collection[Decimal]) -> dict[str, Any]:
    """Quantity and net amounts: before discount (`subtotal`) and after (`total`)."""
    after = line.price - line.discount
    net = _net(after, line.tax, desired, rates)
    before = line.price * net / after if after else line.price
    return {"quantity": _whole(line.quantity), "subtotal": _written(before), "total": _written(net)}


def net_shipping(desired: Desired, rates: Collection[Decimal]) -> str:
    return _written(_net(desired.shipping_amount, desired.shipping_tax, desired, rates))


def rates_of(copy: ChannelCopy) -> set[Decimal]:
    """The tax rates of the order, each as a share: 0.19."""
    return {Decimal(str(line["rate_percent"])) / 100 for line in copy.raw["tax_lines"] if line.get("rate_percent")}


def _net(amount: Decimal, tax: Decimal, desired: Desired, rates: Collection[Decimal]) -> Decimal:
    """Without tax. In whole cents no net amount leads to some gross ones, so it is as fine as the rate allows."""
    if not desired.tax_included:
        return amount
    fitting = (rate for rate in rates if _rounded(amount * rate / (1 + rate), desired.order.currency) == tax)
    rate = next(fitting, None)
    return amount / (1 + rate) if rate is not None else amount - tax


def _written(amount: Decimal) -> str:
    """As fine as WooCommerce keeps amounts of lines, without needless zeros."""
    rounded = amount.quantize(_FINEST, ROUND_HALF_UP)
    return f"{rounded.quantize(_CENT)}" if rounded == rounded.quantize(_CENT) else f"{rounded.normalize():f}"


def _line_of(line: Mapping[str, Any]) -> CopyLine:
    return CopyLine(str(line["id"]), line["sku"] or "", unescape(line["name"]), Decimal(str(line["quantity"])))


def _address_of(address: Mapping[str, Any]) -> PostalAddress | None:
    fields = {
        "name": f"{address['first_name']} {address['last_name']}".strip(),
        "company": address["company"],
        "line1": address["address_1"],
        "line2": address["address_2"],
        "city": address["city"],
        "province_code": address["state"],
        "postal_code": address["postcode"],
        "country": address["country"],
        "phone": address.get("phone") or "",
    }
    return PostalAddress(**fields) if any(fields.values()) else None


def _rounded(amount: Decimal, currency: str) -> Decimal:
    """As WooCommerce rounds: halves up."""
    return round_amount(amount, currency, ROUND_HALF_UP)


def _whole(quantity: Decimal) -> int:
    if quantity != quantity.to_integral_value():
        raise ChannelRefused(f"WooCommerce counts whole units, not {quantity.normalize():f}.")
    return int(quantity)
