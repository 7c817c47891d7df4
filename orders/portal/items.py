"""The things on an order, as their owner knows them."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from inventory.policies.swatches import find_swatch
from oms.money import round_amount
from orders.models import Order, OrderLine
from orders.wording.words import Option, describe_options


@dataclass(frozen=True, slots=True)
class Item:
    """One line. `amount` is what it costs after its discount; `kept` the units that are not cancelled."""

    id: int
    sku: str
    title: str
    options: list[Option]
    swatch: str
    kept: Decimal
    sent: Decimal
    unit_price: Decimal
    discount: Decimal
    amount: Decimal
    state: Literal["open", "sent", "gone"]
    changeable: bool

    @property
    def initial(self) -> str:
        return (self.title or self.sku or "·")[:1].upper()


def list_items(order: Order) -> list[Item]:
    """Lines that an edit took away are left out; what was cancelled stays, and says so."""
    lines = order.lines.select_related("variant").filter(quantity__gt=0).order_by("position")
    return [describe_line(line, order.currency) for line in lines]


def describe_line(line: OrderLine, currency: str) -> Item:
    options = line.variant.options if line.variant else {}
    kept = line.quantity - line.cancelled_quantity
    return Item(
        id=line.pk,
        sku=line.sku,
        title=line.title or line.sku,
        options=describe_options(options),
        swatch=find_swatch(options),
        kept=kept,
        sent=line.fulfilled_quantity,
        unit_price=line.unit_price,
        discount=line.discount,
        amount=round_amount(line.unit_price * line.quantity, currency) - line.discount,
        state="open" if line.open_quantity > 0 else "sent" if kept > 0 else "gone",
        changeable=line.kind == OrderLine.Kind.PRODUCT and line.open_quantity > 0,
    )
