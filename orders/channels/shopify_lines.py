"""The lines of a Shopify order: items, gift cards, custom items, fees, with discounts, taxes and what became of each.

Amounts are in the shop's currency. `discount_allocations` hold every discount of a line, the order's own shared out
among them; documents from before 2018 have only `total_discount` (the line's own) and `total_discounts` (the order's).
"""

from collections import defaultdict
from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from orders.channels.building import Fields
from orders.channels.reading import Part
from orders.channels.reasons import cannot_take

UNDER_WAY = ("success", "pending", "open")
"""A fulfillment in one of these has its units in hand; failed and cancelled ones gave them back."""


def read_lines(order: Part) -> tuple[list[Fields], Decimal]:
    """Every line of the order, and apart from them the tip, which Shopify writes as a line as well.

    Raises:
        CannotTake: sku_missing, price_missing, no_lines
    """
    fulfilled, refunded = _fulfilled_units(order), _refunded_units(order)
    lines, tip = [], Decimal(0)
    for line in order.parts("line_items"):
        quantity = line.sum_of("quantity")
        if line.has("tip"):
            tip += quantity * line.sum_of("price")
        elif quantity > 0:
            lines.append(_read_line(line, quantity, fulfilled, refunded, order.text("fulfillment_status")))

    lines += _fee_lines(order)
    if not lines:
        raise cannot_take("no_lines")
    return lines, order.amount("total_tip_received") or tip


def _read_line(
    line: Part, quantity: Decimal, fulfilled: dict[str, Decimal], refunded: dict[str, Decimal], order_status: str
) -> Fields:
    line_id = line.text("id")
    done = min(fulfilled.get(line_id, _by_status(line, quantity, order_status)), quantity)
    return {
        "external_id": line_id,
        "kind": _kind(line),
        "sku": line.text("sku"),
        "title": line.words("name", 255) or line.words("title", 255),
        "quantity": quantity,
        "unit_price": _price(line),
        "discount": allocated(line) if "discount_allocations" in line.value else line.sum_of("total_discount"),
        "tax": taxes_of(line),
        "fulfilled_quantity": done,
        "cancelled_quantity": _cancelled(line, quantity, done, refunded.get(line_id, Decimal(0))),
        "properties": _properties(line),
    }


def _kind(line: Part) -> str:
    """A line without variant is an item that staff wrote by hand; its SKU, where it has one, still names the goods."""
    if line.flag("gift_card"):
        return "GIFT_CARD"
    if line.has("sku"):
        return "PRODUCT"
    if line.has("variant_id"):
        raise cannot_take("sku_missing", title=line.text("title") or f"Line {line.text('id')}")
    if line.value.get("requires_shipping") is False:
        return "FEE"
    return "CUSTOM"


def _price(line: Part) -> Decimal:
    price = line.amount("price")
    if price is None:
        raise cannot_take("price_missing", title=line.text("title") or f"Line {line.text('id')}")
    return price


def allocated(line: Part) -> Decimal:
    """All discounts of a line."""
    return sum((each.sum_of("amount") for each in line.parts("discount_allocations")), Decimal(0))


def taxes_of(line: Part) -> Decimal:
    """All taxes of a line."""
    return sum((each.sum_of("price") for each in line.parts("tax_lines")), Decimal(0))


def _cancelled(line: Part, quantity: Decimal, fulfilled: Decimal, refunded: Decimal) -> Decimal:
    """Units that will never be sent. `fulfillable_quantity` is Shopify's own word on what still will be."""
    left = quantity - fulfilled
    fulfillable, current = line.amount("fulfillable_quantity"), line.amount("current_quantity")
    if fulfillable is not None:
        return max(left - max(fulfillable, Decimal(0)), Decimal(0))
    removed = refunded if current is None else quantity - current
    return min(max(removed, Decimal(0)), left)


def _by_status(line: Part, quantity: Decimal, order_status: str) -> Decimal:
    """Units sent, where no fulfillment lists them: orders can be marked fulfilled without one."""
    if "fulfilled" not in (line.text("fulfillment_status"), order_status):
        return Decimal(0)
    current = line.amount("current_quantity")
    return quantity if current is None else current


def _fulfilled_units(order: Part) -> dict[str, Decimal]:
    sent = [each for each in order.parts("fulfillments") if each.text("status") in UNDER_WAY]
    return _units((line.text("id"), line) for each in sent for line in each.parts("line_items"))


def _refunded_units(order: Part) -> dict[str, Decimal]:
    given_back = [line for refund in order.parts("refunds") for line in refund.parts("refund_line_items")]
    return _units((line.text("line_item_id"), line) for line in given_back)


def _units(lines: Iterable[tuple[str, Part]]) -> dict[str, Decimal]:
    units: dict[str, Decimal] = defaultdict(Decimal)
    for line_id, line in lines:
        units[line_id] += line.sum_of("quantity")
    return dict(units)


def _properties(line: Part) -> dict[str, Any]:
    """What the customer asked for (engraving, delivery day); a name that comes twice keeps both."""
    given = line.value.get("properties")
    if isinstance(given, dict) and given.keys() != {"name", "value"}:
        return given
    properties: dict[str, Any] = {}
    for each in [line.part("properties")] if isinstance(given, dict) else line.parts("properties"):
        name, value = each.text("name"), each.value.get("value")
        properties[name] = f"{properties[name]}; {value}" if name in properties else value
    return properties


def _fee_lines(order: Part) -> list[Fields]:
    """Fees beside the items (eco fees, import fees), which Shopify sums up, and the rounding of a cash payment."""
    additional = order.part("original_total_additional_fees_set").part("shop_money").sum_of("amount")
    rounding = cash_rounding(order)
    fees = [("additional-fees", "Additional fees", additional), ("cash-rounding", "Cash rounding", rounding)]
    return [_fee(name, title, amount) for name, title, amount in fees if amount > 0]


def _fee(name: str, title: str, amount: Decimal) -> Fields:
    nothing = {"discount": Decimal(0), "tax": Decimal(0)}
    return {"external_id": name, "kind": "FEE", "title": title, "quantity": Decimal(1), "unit_price": amount, **nothing}


def cash_rounding(order: Part) -> Decimal:
    """What rounding to coins added to the payment; below zero where it took something off."""
    return order.part("total_cash_rounding_payment_adjustment_set").part("shop_money").sum_of("amount")
