"""Returns on their way through the warehouse: received, inspected, given for, by the product's own actions."""

from datetime import datetime
from decimal import Decimal
from typing import Any

from inventory.models import StockLevel
from oms.quantities import plain
from orders.actions.money.asking import ask_gateways
from orders.models import Order
from returns.actions.inspecting import Finding, inspect_return
from returns.actions.receiving import receive_return
from returns.models import Return, ReturnItem
from returns.policies.receiving import Arrived
from tests.make.moments import ADA, ONE_DAY
from tests.make.returns import ASKED

ARRIVED = ASKED + 3 * ONE_DAY


def receive(found: Return, units: int | str | None = None, *, at: datetime = ARRIVED, by: str = ADA) -> Return:
    """All that is awaited, or so many units of its first item."""
    items = list(found.items.order_by("id"))
    arrived = [Arrived(item.pk, "", item.quantity) for item in items]
    if units is not None:
        arrived = [Arrived(items[0].pk, "", Decimal(units))]
    return receive_return(number=found.number, arrivals=arrived, by=by, at=at)


def inspect(found: Return, acceptance: str = "ACCEPTED", *, at: datetime = ARRIVED, **said: Any) -> Return:
    """All that is here and was not looked at yet."""
    here = found.items.filter(reception="RECEIVED", inspected_at=None).order_by("id")
    grade = "A" if acceptance == "ACCEPTED" else "D"
    findings = [Finding(item.pk, item.quantity, acceptance, **({"grade": grade} | said)) for item in here]
    return inspect_return(number=found.number, findings=findings, by=ADA, at=at)


def come_back(found: Return, acceptance: str = "ACCEPTED", *, at: datetime = ARRIVED, **said: Any) -> Return:
    """Received and inspected."""
    receive(found, at=at)
    return inspect(found, acceptance, at=at, **said)


def pay_back(*, at: datetime = ARRIVED) -> None:
    """Every gateway does what it is asked; what comes home from an exchange goes on from there."""
    while ask_gateways(at=at):
        pass


def states(found: Return) -> list[tuple[str, str, str]]:
    """Units, reception and acceptance of each item, in their order."""
    rows = ReturnItem.objects.filter(of=found).order_by("id")
    return [(str(plain(row.quantity)), row.reception, row.acceptance) for row in rows]


def books(order: Order) -> dict[str, str]:
    """Total, credited, paid, refunded, as they are now."""
    now = Order.objects.get(pk=order.pk)
    return {name: f"{getattr(now, name):.2f}" for name in ("total", "credited", "paid", "refunded")}


def shelf(sku: str, place: str = "LEJ") -> tuple[int, int, int]:
    """On hand, set aside, damaged."""
    level = StockLevel.objects.get(variant__sku=sku, warehouse__code=place)
    return int(level.on_hand), int(level.quality_control), int(level.damaged)
