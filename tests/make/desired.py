"""What should stand at a channel, without a database."""

from decimal import Decimal
from typing import Any

from orders.channels.outgoing.port import ChannelOrder, Desired, DesiredLine, PostalAddress

BERLIN = PostalAddress(
    name="Ada Meier", line1="Torstr. 1", city="Berlin", postal_code="10119", country="DE", phone="+49 30 1234"
)


def wanted_line(external_id: str, sku: str, quantity: int | str = 1, **fields: Any) -> DesiredLine:
    units = Decimal(quantity)
    defaults = {"kind": "PRODUCT", "title": sku, "discount": Decimal(0), "tax": Decimal(0)}
    return DesiredLine(
        external_id=external_id, sku=sku, quantity=units, **({"price": Decimal("19.90") * units} | defaults | fields)
    )


def desired(*lines: DesiredLine, external_id: str = "1001", shipping: str = "4.90", **fields: Any) -> Desired:
    """An order in euros, gross, that goes to Berlin by "Standard"."""
    goods = sum((line.price - line.discount for line in lines if line.quantity), Decimal(0))
    defaults: dict[str, Any] = {
        "order": ChannelOrder(external_id, "A-7", "EUR"),
        "email": "ada@example.com",
        "phone": "",
        "address": BERLIN,
        "shipping_method": "Standard",
        "shipping_amount": Decimal(shipping),
        "shipping_tax": Decimal(0),
        "tax_included": True,
        "total": goods + Decimal(shipping),
        "credited": Decimal(0),
        "cancelled": False,
    }
    return Desired(lines=lines, **(defaults | fields))
