"""What exchanges would bring, and at what price: the same for the quote and for the order that is placed."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from orders.models import Order
from orders.policies.edits.quoting import find_tax_rate
from orders.policies.edits.state import Choice
from orders.queries.edits.states import EditState, read_edit_state
from returns.policies.amounts import Worth
from returns.policies.exchanging import NewGoods, NewLine, OldGoods, price_new_goods


@dataclass(frozen=True, slots=True)
class Swap:
    """Units of a line (by id) that are worth so much, for as many of a SKU."""

    line: int
    quantity: Decimal
    worth: Worth
    sku: str


@dataclass(frozen=True, slots=True)
class QuotedSwap:
    """`new` None: there is no such SKU, or it is not sold, or has no price; `available`: units that can be promised."""

    swap: Swap
    new: NewLine | None
    title: str = ""
    available: Decimal = Decimal(0)
    same_product: bool = False


def quote_swaps(order: Order, swaps: Sequence[Swap], *, at: datetime) -> list[QuotedSwap]:
    """One answer a swap, in their order; one statement for all."""
    if not swaps:
        return []
    state = read_edit_state(order.number, skus={swap.sku for swap in swaps}, actor="STAFF", at=at)
    return [_quote(state, swap) for swap in swaps]


def _quote(state: EditState, swap: Swap) -> QuotedSwap:
    order, choice = state.order, state.around.choices.get(swap.sku)
    line = next((line for line in order.lines if line.id == swap.line), None)
    if choice is None or line is None or not choice.active:
        return QuotedSwap(swap, None)
    old_choice = state.around.choices.get(line.sku)
    old = OldGoods(
        quantity=swap.quantity,
        unit_price=line.unit_price,
        net=swap.worth.value if order.tax_included else swap.worth.value - swap.worth.tax,
        tax=swap.worth.tax,
        catalogue_price=_price(old_choice, order.currency),
    )
    rate = find_tax_rate(
        state.around.taxes,
        country=order.address.get("country", ""),
        province=order.address.get("province", ""),
        category_id=choice.category_id,
        on=state.around.today,
    )
    same = choice.product_id == line.product_id
    new = NewGoods(same_product=same, catalogue_price=_price(choice, order.currency), tax_rate=rate)
    priced = price_new_goods(old, new, tax_included=order.tax_included, currency=order.currency)
    return QuotedSwap(swap, priced, choice.title, choice.available, same)


def _price(choice: Choice | None, currency: str) -> Decimal | None:
    return choice.price if choice and choice.currency == currency else None
