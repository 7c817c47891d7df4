"""What keeps a new order from going out: judged once, at placement."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

from orders.policies.paying import may_ship_unpaid


@dataclass(frozen=True, slots=True)
class NewHold:
    """A hold to open; `until` where it ends by itself."""

    reason: str
    detail: str
    until: datetime | None = None
    rule: str = ""


@dataclass(frozen=True, slots=True)
class NewOrder:
    """What the judgement looks at. Amounts in the order's currency."""

    placed_at: datetime
    financial_status: str
    total: Decimal
    stated_total: Decimal | None
    currency: str
    needs_address: bool
    address_gaps: Sequence[str]
    edit_window: timedelta
    edit_rule: str
    test: bool


def judge_first_holds(order: NewOrder, *, at: datetime) -> list[NewHold]:
    """The holds of an order that was just placed, each with a plain sentence. None: it may go at once."""
    holds = []
    window_ends = order.placed_at + order.edit_window
    if window_ends > at:
        holds.append(NewHold("EDIT_WINDOW", "The customer may still edit.", window_ends, order.edit_rule))
    if not may_ship_unpaid(order.financial_status):
        holds.append(NewHold("PAYMENT", f"The order is {order.financial_status.replace('_', ' ').lower()}."))
    if order.stated_total is not None and order.stated_total != order.total:
        detail = f"The channel says {order.stated_total} {order.currency}, the lines add up to {order.total}."
        holds.append(NewHold("TOTALS_MISMATCH", detail))
    if order.needs_address and order.address_gaps:
        holds.append(NewHold("ADDRESS_CHECK", f"The address lacks: {', '.join(order.address_gaps)}."))
    if order.test:
        holds.append(NewHold("STAFF", "A test order: it takes no stock and nothing is sent."))
    return holds
