"""Looking for the way of one order once more, at somebody's wish."""

from datetime import datetime

from oms.transactions import run_transaction
from orders.actions.fulfilling.withdrawing import refuse_unroutable, withdraw_fulfillments
from orders.actions.routing.waving import route_these
from orders.models import Order, RoutingWave
from orders.policies.routing.waves import Solve


def reroute_order(*, number: str, solve: Solve, by: str, at: datetime) -> RoutingWave | None:
    """Take the order back from whoever has not accepted it, and route it now; None when nothing of it needs a way.

    Raises:
        OrderNotFound, OrderAlreadyCancelled, OrderAlreadyClosed.
        NotRoutable: it is still held, or is to be cancelled.
    """
    run_transaction(lambda: _take_back(number, by=by, at=at))
    return route_these([number], solve=solve, by=by, at=at)


def find_way(*, number: str, solve: Solve, by: str, at: datetime) -> RoutingWave | None:
    """Look now for a way for what has none. What has one meanwhile keeps it, whoever chose it: then None.

    Raises:
        OrderNotFound, OrderAlreadyCancelled, OrderAlreadyClosed.
        NotRoutable: it is held again, or is to be cancelled.
    """
    run_transaction(lambda: refuse_unroutable(Order.objects.locked(number)))
    return route_these([number], solve=solve, by=by, at=at)


def _take_back(number: str, *, by: str, at: datetime) -> None:
    order = Order.objects.locked(number)
    refuse_unroutable(order)
    withdraw_fulfillments(order, because="again", by=by, at=at)
