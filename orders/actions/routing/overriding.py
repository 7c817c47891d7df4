"""Routing by hand: staff say which warehouse sends what, and why."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime
from decimal import Decimal

from oms.errors import FieldError, Invalid
from oms.quantities import plain
from oms.transactions import transactional
from orders.actions.fulfilling.withdrawing import refuse_unroutable, withdraw_fulfillments
from orders.actions.routing.booking import book
from orders.errors import NotRoutable, OrderAlreadyReleased
from orders.models import Order, RoutingDecision
from orders.policies.routing.costing import Costing
from orders.policies.routing.orders import Exclusion, PricedPart, UnroutedOrder
from orders.policies.routing.waves import Decided
from orders.queries.routing.roads import read_roads
from orders.queries.routing.terrain import survey
from orders.queries.routing.unrouted import read_one
from orders.queries.routing.weights import read_weights

Wanted = Mapping[str, Mapping[int, Decimal]]
"""Units by order line id, by warehouse code."""


@transactional
def override_routing(*, number: str, wanted: Wanted, note: str, by: str, at: datetime) -> RoutingDecision:
    """Send the order, as far as no warehouse has accepted it, as staff say. Safety stock may be used.

    Raises:
        OrderNotFound, OrderAlreadyCancelled, OrderAlreadyClosed.
        Invalid: no note, or the parts do not add up to the order.
        NotRoutable: a warehouse is closed or has not enough, or no carrier takes it.
    """
    order = Order.objects.locked(number)
    refuse_unroutable(order)
    if not note.strip():
        raise Invalid("Say why.", errors=[FieldError("/note", "required", "Say why.")])

    withdraw_fulfillments(order, because="overridden", by=by, at=at)
    unrouted = read_one(number)
    if unrouted is None or not unrouted.lines:
        raise OrderAlreadyReleased(number)
    _refuse_odd_sums(unrouted, wanted)
    parts = _price(unrouted, wanted, at=at)
    decided = Decided(unrouted, parts)
    weights = read_weights()
    booked = book([decided], currency=weights.currency, note=note.strip()[:255], dip_into_safety=True, by=by, at=at)
    if number not in booked.routed:
        raise NotRoutable("One of these warehouses has not that many.", reasons=["stock"])
    return RoutingDecision.objects.get(order=order, superseded_at=None)


def _refuse_odd_sums(order: UnroutedOrder, wanted: Wanted) -> None:
    sums: dict[int, Decimal] = defaultdict(Decimal)
    for units in wanted.values():
        for line_id, quantity in units.items():
            sums[line_id] += quantity
    errors = []
    for line in order.lines:
        if sums.pop(line.id, Decimal(0)) != line.units:
            detail = f"The parts of {line.sku or 'line ' + str(line.position)} must add up to {plain(line.units)}."
            errors.append(FieldError(f"/lines/{line.id}", "does_not_add_up", detail))
    errors += [FieldError(f"/lines/{key}", "unknown_line", "Nothing of this line is to be routed.") for key in sums]
    if errors:
        raise Invalid(" ".join(error.detail for error in errors), errors=errors)


def _price(order: UnroutedOrder, wanted: Wanted, *, at: datetime) -> Sequence[PricedPart]:
    costing = Costing(survey([order], at=at), read_roads(at=at), read_weights())
    sites = {site.code: site for site in costing.terrain.sites}
    parts: list[PricedPart] = []
    reasons = []
    for code, units in wanted.items():
        if not any(units.values()):
            continue
        site = sites.get(code)
        if site is None:
            reasons.append(f"{code} is closed, or there is no such warehouse.")
            continue
        priced = costing.price(order, site, {key: quantity for key, quantity in units.items() if quantity})
        if isinstance(priced, Exclusion):
            reasons.append(priced.sentence)
        else:
            parts.append(priced)
    if reasons:
        raise NotRoutable(" ".join(reasons), reasons=reasons)
    return parts
