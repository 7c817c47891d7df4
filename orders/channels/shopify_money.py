"""What a Shopify order costs beside its lines: shipping, duties and the discounts of the whole order."""

from decimal import Decimal

from orders.channels.building import Fields
from orders.channels.reading import Part
from orders.channels.shopify_lines import allocated, taxes_of


def read_shipping(order: Part) -> Fields:
    """All shipping lines together, after their discounts. A line that an edit removed counts no more."""
    lines = [line for line in order.parts("shipping_lines") if not line.flag("is_removed")]
    return {
        "method": ", ".join(filter(None, (line.text("title") for line in lines)))[:120],
        "amount": sum((line.sum_of("price") - _shipping_discount(line) for line in lines), Decimal(0)),
        "tax": sum((taxes_of(line) for line in lines), Decimal(0)),
    }


def _shipping_discount(line: Part) -> Decimal:
    discounted = line.amount("discounted_price")
    if line.has("discount_allocations") or discounted is None:
        return allocated(line)
    return line.sum_of("price") - discounted


def order_discount(order: Part, lines: list[Fields], shipping: Fields) -> Decimal:
    """What `total_discounts` holds beyond the discounts of lines and shipping: nothing, in today's documents."""
    on_lines = sum((line["discount"] for line in lines), Decimal(0))
    on_shipping = sum((_shipping_discount(line) for line in order.parts("shipping_lines")), Decimal(0))
    return max(order.sum_of("total_discounts") - on_lines - on_shipping, Decimal(0))


def read_duty(order: Part) -> Decimal:
    """Duties as they were charged; none where prices include them."""
    if order.flag("duties_included"):
        return Decimal(0)
    for name in ("original_total_duties_set", "current_total_duties_set"):
        if order.has(name):
            return order.part(name).part("shop_money").sum_of("amount")
    duties = [duty for line in order.parts("line_items") for duty in line.parts("duties")]
    return sum((duty.part("shop_money").sum_of("amount") for duty in duties), Decimal(0))


def take_off_unbilled(order: Part, lines: list[Fields]) -> Decimal:
    """Take what an edit removed before it was paid off the lines' prices; returns by how much the order got cheaper.

    Such an edit is written as a refund without money, and `total_price` keeps the old figure. It is done only where
    `current_total_price` confirms that these refunds are all that was taken off.
    """
    total, current = order.amount("total_price"), order.amount("current_total_price")
    refunds = order.parts("refunds")
    unpaid = [refund for refund in refunds if not refund.has("transactions")]
    worth = {id(refund): _worth(refund, order.flag("taxes_included")) for refund in refunds}
    if not unpaid or total is None or total - sum(worth.values()) != current:
        return Decimal(0)

    by_id = {line["external_id"]: line for line in lines}
    for removed in (line for refund in unpaid for line in refund.parts("refund_line_items")):
        if line := by_id.get(removed.text("line_item_id")):
            line["discount"] += _ours(removed, "subtotal")
            line["tax"] = max(line["tax"] - _ours(removed, "total_tax"), Decimal(0))
    return sum((worth[id(refund)] for refund in unpaid), Decimal(0))


def _worth(refund: Part, taxes_included: bool) -> Decimal:
    lines = refund.parts("refund_line_items")
    tax = Decimal(0) if taxes_included else sum((_ours(line, "total_tax") for line in lines), Decimal(0))
    return sum((_ours(line, "subtotal") for line in lines), tax)


def _ours(line: Part, name: str) -> Decimal:
    """An amount in the shop's currency."""
    stated = line.part(f"{name}_set").part("shop_money").amount("amount")
    return line.sum_of(name) if stated is None else stated
