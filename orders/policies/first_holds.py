"""What keeps a new order from going out: judged once, at placement."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from orders.policies.paying import may_ship_unpaid


@dataclass(frozen=True, slots=True)
class NewHold:
    """A hold to open, with its sentence. The edit window is one too (`orders.policies.windows.rules`)."""

    reason: str
    detail: str


@dataclass(frozen=True, slots=True)
class NewOrder:
    """What the judgement looks at. Amounts in the order's currency."""

    financial_status: str
    total: Decimal
    stated_total: Decimal | None
    currency: str
    needs_address: bool
    address_gaps: Sequence[str]
    test: bool


def judge_first_holds(order: NewOrder) -> list[NewHold]:
    """What else than its edit window holds an order that was just placed, each with a plain sentence."""
    holds = []
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
