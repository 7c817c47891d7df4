"""What an edit looks like to whoever is asked to confirm it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, Literal

from oms.money import Money
from orders.policies.edits.lines import Reason
from orders.policies.edits.permissions import Ruling
from orders.policies.edits.plan import Plan
from orders.policies.edits.state import NOTHING, LineState, OrderState

Change = Literal["same", "added", "removed", "swapped", "changed"]


@dataclass(frozen=True, slots=True, kw_only=True)
class QuotedLine:
    """A line before and after; `amount` is what it costs afterwards, after its discount and without tax on top."""

    id: int | None
    sku: str
    title: str
    options: Mapping[str, Any]
    quantity_before: Decimal
    quantity_after: Decimal
    unit_price: Decimal
    discount: Decimal
    tax: Decimal
    amount: Money
    change: Change
    swapped_from: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """The order's amounts at one side of the edit."""

    items: Money
    discount: Money
    shipping: Money
    tax: Money
    total: Money


@dataclass(frozen=True, slots=True, kw_only=True)
class Quote:
    """Lines, money and what would happen. `ends_window`: a line is low, so the order would go out right after."""

    lines: tuple[QuotedLine, ...]
    before: Figures
    after: Figures
    to_pay: Money
    to_get_back: Money
    verdict: Ruling
    reasons: tuple[Reason, ...] = ()
    ends_window: bool = False
    low_skus: tuple[str, ...] = ()
    address: Mapping[str, str] | None = None
    email: str = ""
    phone: str = ""
    shipping_method: str = ""
    version: int = field(default=0)
    idle: bool = False


@dataclass(frozen=True, slots=True)
class Settlement:
    """What the customer pays for an edit, or gets back; one of the two is nothing."""

    to_pay: Decimal
    to_get_back: Decimal


def judge_settlement(order: OrderState, plan: Plan) -> Settlement:
    """On the balance, never on the edit's own difference.

    An order that is not paid yet waits for its payment anyway: an edit adds nothing to wait for.
    """
    waits_anyway = order.covered < order.total - order.credited
    due = NOTHING if waits_anyway else max(plan.owed - order.covered, NOTHING)
    back = order.paid - order.refunded - order.leaving - plan.owed
    return Settlement(due, max(back, NOTHING))


def quote_lines(order: OrderState, plan: Plan) -> tuple[QuotedLine, ...]:
    """Every line that has or had units, in the order's own order."""
    before = {line.id: line for line in order.lines}
    quoted = (_quote_line(before.get(line.id) if line.id else None, line, order.currency) for line in plan.lines)
    return tuple(line for line in quoted if line.quantity_before or line.quantity_after)


def _quote_line(before: LineState | None, after: LineState, currency: str) -> QuotedLine:
    was = before.quantity if before else NOTHING
    change: Change = "same"
    if before is None:
        change = "added"
    elif not after.quantity:
        change = "removed" if was else "same"
    elif before.sku != after.sku:
        change = "swapped"
    elif (before.quantity, before.unit_price, before.discount) != (after.quantity, after.unit_price, after.discount):
        change = "changed"
    return QuotedLine(
        id=after.id,
        sku=after.sku,
        title=after.title,
        options=after.options,
        quantity_before=was,
        quantity_after=after.quantity,
        unit_price=after.unit_price,
        discount=after.discount,
        tax=after.tax,
        amount=Money(after.net(currency), currency),
        change=change,
        swapped_from=before.sku if before and change == "swapped" else "",
    )


def figures_before(order: OrderState) -> Figures:
    items = sum((line.value(order.currency) for line in order.lines), NOTHING)
    amounts = (items, order.discount_total, order.shipping_total, order.tax_total, order.total)
    return Figures(**_named_money(amounts, order.currency))


def figures_after(plan: Plan, currency: str) -> Figures:
    amounts = (plan.item_total, plan.discount_total, plan.shipping_total, plan.tax_total, plan.total)
    return Figures(**_named_money(amounts, currency))


def _named_money(amounts: Sequence[Decimal], currency: str) -> dict[str, Money]:
    names = ("items", "discount", "shipping", "tax", "total")
    return {name: Money(amount, currency) for name, amount in zip(names, amounts, strict=True)}
