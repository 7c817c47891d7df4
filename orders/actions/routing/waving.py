"""Routing in waves: what was released together is routed together."""

from collections.abc import Sequence
from datetime import datetime

from django.conf import settings

from oms.transactions import run_transaction
from orders.actions.routing.booking import Booked, book
from orders.models import RoutingWave
from orders.policies.routing.costing import Costing
from orders.policies.routing.orders import UnroutedOrder
from orders.policies.routing.waves import Routed, Solve, route_orders
from orders.queries.routing.roads import read_roads
from orders.queries.routing.terrain import survey
from orders.queries.routing.unrouted import read_these, read_unrouted
from orders.queries.routing.weights import read_weights


def route_wave(*, solve: Solve, limit: int | None = None, by: str, at: datetime) -> RoutingWave | None:
    """Route the next released orders together; None when none needs a way.

    Nothing is locked while the solvers think; the booking looks again. Two waves at once do no harm: each order is
    booked by one of them.
    """
    return _route(read_unrouted(at=at, limit=limit or settings.ROUTING_WAVE_ORDERS), solve=solve, by=by, at=at)


def route_these(numbers: Sequence[str], *, solve: Solve, by: str, at: datetime) -> RoutingWave | None:
    """Route these orders together and now, as far as they are released and need a way; None when none does."""
    return _route(read_these(numbers), solve=solve, by=by, at=at)


def _route(orders: Sequence[UnroutedOrder], *, solve: Solve, by: str, at: datetime) -> RoutingWave | None:
    if not orders:
        return None
    weights = read_weights()
    routed = route_orders(Costing(survey(orders, at=at), read_roads(at=at), weights), solve)
    return run_transaction(lambda: _record(routed, currency=weights.currency, by=by, at=at))


def _record(routed: Routed, *, currency: str, by: str, at: datetime) -> RoutingWave:
    wave = RoutingWave(at=at, by=by, currency=currency, orders=len(routed.decided), **_figures(routed))
    wave.save(force_insert=True)
    booked: Booked = book(routed.decided, wave_id=wave.pk, currency=currency, by=by, at=at)
    wave.routed, wave.unrouted, wave.parts = len(booked.routed), len(booked.unroutable), booked.parts
    wave.save(update_fields=["routed", "unrouted", "parts"])
    return wave


def _figures(routed: Routed) -> dict[str, object]:
    if routed.choice is None:
        return {}
    choice, plan = routed.choice, routed.choice.plan
    return {
        "solver": choice.solver,
        "cost": round(plan.cost, 4),
        "bound": None if plan.bound is None else round(plan.bound, 4),
        "greedy_cost": round(choice.greedy_cost, 4),
        "gap": plan.gap,
        "seconds": choice.greedy_seconds + choice.together_seconds,
    }
