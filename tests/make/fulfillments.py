"""Fulfillments, made by routing released orders."""

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any

from inventory.models import Allocation, StockLevel
from orders.actions.fulfilling.accepting import accept_fulfillments
from orders.actions.fulfilling.dispatching import Dispatch, ship_fulfillments
from orders.actions.routing.waving import route_wave
from orders.models import CarrierAccount, CarrierRate, CarrierService, Fulfillment, Order, RoutingWave, Shipment
from orders.policies.routing.choosing import Choice, choose_plan
from orders.policies.routing.problem import Wave
from orders.policies.routing.together import route_together
from tests.make.moments import ADA, NOON
from tests.make.orders import released_order
from tests.make.stock import LEJ, SKU

LATER = NOON.replace(hour=13)


def solve(wave: Wave) -> Choice:
    return choose_plan(wave, seconds=2, together=route_together)


def route(*, at: datetime = NOON, limit: int | None = None) -> RoutingWave | None:
    """One wave."""
    return route_wave(solve=solve, limit=limit, by="system", at=at)


def routed_order(**fields: Any) -> Order:
    """An order that warehouses are asked to send."""
    order = released_order(**fields)
    route()
    order.refresh_from_db()
    return order


def fulfillment(order: Order | None = None, **fields: Any) -> Fulfillment:
    """The one of a routed order."""
    order = order or routed_order(**fields)
    return order.fulfillments.get(status__in=Fulfillment.LIVE)


def accepted(order: Order | None = None, *, at: datetime = NOON, **fields: Any) -> Fulfillment:
    """One that its warehouse works on."""
    (found,) = accept_fulfillments(numbers=[fulfillment(order, **fields).number], by=ADA, at=at)
    return found


def ship(number: str, *, at: datetime = LATER, units: Mapping[int, Decimal] | None = None, **said: Any) -> Shipment:
    (shipment,) = ship_fulfillments([Dispatch(number=number, units=units, **said)], by=ADA, at=at)
    return shipment


def parts(order: Order) -> list[tuple[str, str, str]]:
    """Warehouse, status and request of each fulfillment, the oldest first."""
    rows = order.fulfillments.order_by("sequence")
    return list(rows.values_list("warehouse__code", "status", "request_status"))


def allocated(sku: str = SKU, place: str = LEJ) -> Decimal:
    return StockLevel.objects.values_list("allocated", flat=True).get(variant__sku=sku, warehouse__code=place)


def allocations(state: str = "ALLOCATED") -> list[tuple[str, Decimal]]:
    rows = Allocation.objects.filter(state=state).order_by("id")
    return list(rows.values_list("part", "quantity"))


def carrier_rate(
    price: str, *, service: str = "standard", days: int = 2, warehouse: Any = None, indicator: str = "CP", **fields: Any
) -> CarrierRate:
    """A row of the house carrier's table."""
    account, _ = CarrierAccount.objects.get_or_create(
        code="house", defaults={"name": "House carrier", "kind": CarrierAccount.Kind.HOUSE}
    )
    named, _ = CarrierService.objects.get_or_create(
        account=account, code=service, defaults={"name": service.title(), "indicator": indicator}
    )
    return CarrierRate.objects.create(service=named, warehouse=warehouse, price=Decimal(price), days=days, **fields)
