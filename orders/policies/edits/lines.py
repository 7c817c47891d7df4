"""What each operation does to the lines of an order."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Any

from oms.errors import FieldError
from oms.money import round_amount
from oms.quantities import plain
from orders.policies.edits.operations import AddItem, CancelLine, Operation, SetQuantity, SetUnitPrice, SwapVariant
from orders.policies.edits.state import NOTHING, Choice, Deal, LineState, OrderState, Surroundings


@dataclass(frozen=True, slots=True)
class Reason:
    """Why something must be looked at, or what will follow: a stable code, a sentence, and its facts."""

    code: str
    sentence: str
    facts: Mapping[str, Any] = field(default_factory=dict)


@dataclass(slots=True)
class LineWork:
    """The lines while operations are worked into them. `origin`: which line a split-off one was part of."""

    order: OrderState
    choices: Mapping[str, Choice]
    deals: Mapping[int, Deal]
    lines: list[LineState]
    origin: dict[int, int] = field(default_factory=dict)
    errors: list[FieldError] = field(default_factory=list)
    reasons: list[Reason] = field(default_factory=list)

    def refuse(self, pointer: str, code: str, detail: str) -> None:
        self.errors.append(FieldError(pointer, code, detail))

    def find(self, line_id: int, pointer: str) -> LineState | None:
        """The open line of that id; else the reason why it cannot be changed is noted."""
        line = next((line for line in self.lines if line.id == line_id), None)
        if line is None:
            self.refuse(f"{pointer}/line", "unknown_line", f"The order has no line {line_id}.")
        elif line.open <= 0:
            self.refuse(f"{pointer}/line", "line_not_open", f"Nothing of {line.sku or line.title} is left to change.")
        else:
            return line
        return None

    def choose(self, sku: str, pointer: str) -> Choice | None:
        """The SKU, if it is sold."""
        choice = self.choices.get(sku)
        if choice is None:
            self.refuse(f"{pointer}/sku", "unknown_sku", f"There is no SKU {sku}.")
        elif not choice.active:
            self.refuse(f"{pointer}/sku", "not_sold", f"{sku} is not sold any more.")
            return None
        return choice

    def put(self, line: LineState) -> None:
        """In the place of the line with its id, or at the end."""
        for place, each in enumerate(self.lines):
            if line.id is not None and each.id == line.id:
                self.lines[place] = line
                return
        self.lines.append(replace(line, position=max((each.position for each in self.lines), default=0) + 1))


def work_in(order: OrderState, operations: Sequence[Operation], around: Surroundings) -> LineWork:
    """The lines after all operations. What is new on the order has no tax yet: `plan_edit` sets it.

    In whatever order they were sent: a line gets its quantity first, then its variant, then its price. So the same
    list means the same, and it takes the rounding of doing one after the other.
    """
    work = LineWork(order, around.choices, around.deals, list(order.lines))
    for place, operation in sorted(enumerate(operations), key=lambda each: _TURNS.get(type(each[1]), 1)):
        if deed := _DEEDS.get(type(operation)):
            deed(work, operation, f"/operations/{place}")
    _part_bundles(work)
    return work


def _part_bundles(work: LineWork) -> None:
    """Where an operation takes away what others were cheaper with, these cost what they do alone."""
    before, after = (_find_whole_bundles(lines, work.deals) for lines in (work.order.lines, work.lines))
    parted = {item for together in before - after for item in together}
    for line in work.lines:
        if line.offer_item in parted:
            work.put(_retax(line, replace(line, discount=NOTHING), work.order.currency))


def _find_whole_bundles(lines: Sequence[LineState], deals: Mapping[int, Deal]) -> set[frozenset[int]]:
    """Those of which something of every item is left."""
    kept = {line.offer_item for line in lines if line.offer_item is not None and line.quantity > line.cancelled}
    bundles = {deals[item].together for item in kept if item in deals}
    return {together for together in bundles if together and together <= kept}


def _set_quantity(work: LineWork, operation: SetQuantity, pointer: str) -> None:
    line = work.find(operation.line, pointer)
    if line is None:
        return
    if operation.quantity < line.settled:
        detail = f"{plain(line.settled)} of {line.sku or line.title} left already; it cannot be fewer."
        work.refuse(f"{pointer}/quantity", "below_settled", detail)
    elif operation.quantity > line.quantity and line.kind != "PRODUCT":
        work.refuse(f"{pointer}/quantity", "not_a_product", f"More of {line.title} cannot be added here.")
    elif _fits_unit(work, line.sku, operation.quantity, pointer):
        work.put(_scale(line, operation.quantity, work.order.currency))


def _cancel_line(work: LineWork, operation: CancelLine, pointer: str) -> None:
    if line := work.find(operation.line, pointer):
        work.put(_scale(line, line.settled, work.order.currency))


def _swap(work: LineWork, operation: SwapVariant, pointer: str) -> None:
    line, choice = work.find(operation.line, pointer), work.choose(operation.sku, pointer)
    if line is None or choice is None or not _may_become(work, line, choice, pointer):
        return
    units = line.open if operation.quantity is None else operation.quantity
    if units > line.open:
        detail = f"Only {plain(line.open)} of {line.sku} can be swapped."
        work.refuse(f"{pointer}/quantity", "more_than_open", detail)
        return
    if not _fits_unit(work, choice.sku, units, pointer):
        return

    part = _scale(line, units, work.order.currency)
    swapped = replace(_become(work, part, choice, pointer), cancelled=NOTHING, fulfilled=NOTHING)
    if units == line.quantity:
        work.put(swapped)
        return
    work.put(_scale(line, line.quantity - units, work.order.currency, rest_of=part))
    work.put(replace(swapped, id=None, offer_item=None, follows=line.id))
    assert line.id is not None
    work.origin[work.lines[-1].position] = line.id


def _add_item(work: LineWork, operation: AddItem, pointer: str) -> None:
    choice = work.choose(operation.sku, pointer)
    if choice is None or not _fits_unit(work, choice.sku, operation.quantity, pointer):
        return
    deal = _find_deal(work, operation, pointer) if operation.offer is not None else _usual_deal(work, choice, pointer)
    if deal is None:
        return
    line = LineState(
        id=None,
        position=0,
        kind="PRODUCT",
        variant_id=choice.variant_id,
        product_id=choice.product_id,
        sku=choice.sku,
        title=choice.title,
        options=choice.options,
        quantity=operation.quantity,
        unit_price=deal.unit_price,
        discount=deal.discount,
        weight_grams=choice.weight_grams,
        offer_item=operation.offer,
    )
    work.put(line)


def _usual_deal(work: LineWork, choice: Choice, pointer: str) -> Deal | None:
    """What it costs anybody."""
    if choice.price is None or choice.currency != work.order.currency:
        detail = f"{choice.sku} has no price in {work.order.currency}."
        work.refuse(f"{pointer}/sku", "no_price", detail)
        return None
    return Deal(item=0, sku=choice.sku, quantity=NOTHING, unit_price=choice.price)


def _find_deal(work: LineWork, operation: AddItem, pointer: str) -> Deal | None:
    """What was offered, to the unit."""
    deal = work.deals.get(operation.offer or 0)
    if deal is None:
        work.refuse(f"{pointer}/offer", "unknown_offer", f"Nothing like {operation.offer} was offered with this order.")
    elif (deal.sku, deal.quantity) != (operation.sku, operation.quantity):
        detail = f"Offered were {plain(deal.quantity)} of {deal.sku}: take them as they are."
        work.refuse(f"{pointer}/offer", "other_than_offered", detail)
        return None
    return deal


def _set_unit_price(work: LineWork, operation: SetUnitPrice, pointer: str) -> None:
    line = work.find(operation.line, pointer)
    if line is None:
        return
    work.put(_retax(line, replace(line, unit_price=operation.unit_price), work.order.currency))


_DEEDS: dict[type, Callable[[LineWork, Any, str], None]] = {
    SetQuantity: _set_quantity,
    CancelLine: _cancel_line,
    SwapVariant: _swap,
    AddItem: _add_item,
    SetUnitPrice: _set_unit_price,
}
_TURNS: dict[type, int] = {SetQuantity: 0, SetUnitPrice: 2}


def _may_become(work: LineWork, line: LineState, choice: Choice, pointer: str) -> bool:
    if line.kind != "PRODUCT" or line.product_id != choice.product_id:
        detail = f"{choice.sku} is another product than {line.sku or line.title}: cancel the line and add the item."
        work.refuse(f"{pointer}/sku", "other_product", detail)
    elif line.sku == choice.sku:
        work.refuse(f"{pointer}/sku", "same_variant", f"The line is {line.sku} already.")
    else:
        return True
    return False


def _become(work: LineWork, line: LineState, choice: Choice, pointer: str) -> LineState:
    """The same line as another variant. It costs what it cost, and what the catalogue asks more or less for it."""
    old = work.choices.get(line.sku)
    price = line.unit_price
    if old and (old.price, old.currency) != (choice.price, choice.currency):
        if old.price is None or choice.price is None or {old.currency, choice.currency} != {work.order.currency}:
            sentence = f"The price of {choice.sku} in {work.order.currency} is not known."
            work.reasons.append(Reason("price_unknown", sentence, {"sku": choice.sku}))
        else:
            price = max(price + choice.price - old.price, NOTHING)
    swapped = replace(
        line,
        variant_id=choice.variant_id,
        sku=choice.sku,
        title=choice.title,
        options=choice.options,
        unit_price=price,
        weight_grams=choice.weight_grams,
    )
    return _retax(line, swapped, work.order.currency)


def _retax(before: LineState, after: LineState, currency: str) -> LineState:
    """Another price at the same rate of tax. A discount never exceeds the price."""
    after = replace(after, discount=min(after.discount, after.value(currency)))
    old, new = (line.net(currency) for line in (before, after))
    return replace(after, tax=round_amount(before.tax * new / old, currency) if old else before.tax)


def _scale(line: LineState, quantity: Decimal, currency: str, *, rest_of: LineState | None = None) -> LineState:
    """The line with another quantity and its share of discount and tax.

    `rest_of`: the part that was split off; what it does not have of discount and tax stays here, to the cent.
    """
    if quantity == line.quantity:
        return line
    if line.offer_item is not None and quantity > line.quantity:
        return _retax(line, replace(line, quantity=quantity), currency)  # so many were offered, and no more
    share = quantity / line.quantity
    discount, tax = (round_amount(amount * share, currency) for amount in (line.discount, line.tax))
    scaled = replace(line, quantity=quantity, discount=discount, tax=tax)
    if rest_of:
        scaled = replace(scaled, discount=max(line.discount - rest_of.discount, NOTHING), tax=line.tax - rest_of.tax)
    return replace(scaled, discount=min(scaled.discount, scaled.value(currency)))


def _fits_unit(work: LineWork, sku: str, quantity: Decimal, pointer: str) -> bool:
    choice = work.choices.get(sku)
    if choice and not choice.divisible and quantity % 1:
        detail = f"{sku} is sold in whole units, not {plain(quantity)}."
        work.refuse(f"{pointer}/quantity", "fractional_quantity", detail)
        return False
    return True
