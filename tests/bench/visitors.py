"""`python -m tests.bench.visitors`: starts campaigns, times offers in process, and lets browsers in to open orders.

Told how many orders, and how often to time; says the times, and each order's number with a browser's cookie for it.
Told `wide`, only times what fills the gap, of a catalogue that has grown meanwhile.
"""

import tests.bench.django_ready  # isort: skip  # noqa: F401

import json
import statistics
import sys
import time
from datetime import UTC, datetime, timedelta

from django.conf import settings

from oms.sessions import SessionStore
from orders.models import Order, ShippingRate
from tests.bench.ground import ORDINARY
from upsell.actions.offering import offer_to
from upsell.choices import DiscountKind, Placement, Source
from upsell.models import Campaign

NOW = datetime.now(UTC)


def main() -> None:
    asked = json.load(sys.stdin)
    orders = list(Order.objects.filter(external_id__startswith="b", status="HELD").select_related("channel"))
    orders = orders[: asked["orders"]]
    if asked["wide"]:
        print(json.dumps({"fillers": [time_each(orders[100:200], Placement.EDIT) for _ in range(asked["rounds"])]}))
        return

    start_campaigns()
    found = {
        "fillers": [time_each(orders[:100], Placement.EDIT) for _ in range(asked["rounds"])],
        "listed": [time_each(orders[:100], Placement.API) for _ in range(asked["rounds"])],
        "cookies": [(order.number, let_in(order)) for order in orders],
    }
    print(json.dumps(found))


def start_campaigns() -> None:
    """Three items from a list on the order's page and over the API; what closes the gap to free shipping beside edits.

    Every order ships for 4.90, and free from a little more than it costs.
    """
    listed = {"placements": [Placement.ORDER, Placement.API], "source": Source.FIXED, "skus": ORDINARY[100:103]}
    filling = {"placements": [Placement.EDIT], "source": Source.FILLERS, "skus": []}
    percent = {"discount_kind": DiscountKind.PERCENTAGE, "discount": 10, "active": True, "salt": "bench"}
    Campaign.objects.create(name="Goes well with it", **listed, **percent)
    Campaign.objects.create(name="Ships free", **filling, **percent)
    ShippingRate.objects.create(method="standard", currency="EUR", price="4.90", free_from="130")


def time_each(orders: list[Order], placement: Placement) -> dict[str, float]:
    """In ms."""
    took, shown = [], 0
    for order in orders:
        began = time.perf_counter()
        offered = offer_to(order=order, placement=placement, by="customer", at=NOW)
        took.append(1000 * (time.perf_counter() - began))
        shown += len(offered.offers)
    return {"p95": statistics.quantiles(took, n=20)[-1], "p50": statistics.median(took), "shown": shown / len(orders)}


def let_in(order: Order) -> str:
    """What the browser sends back: it was let in for an hour."""
    session = SessionStore()
    session["orders_admitted"] = {order.number: (NOW + timedelta(hours=1)).isoformat()}
    session.save()
    return f"{settings.SESSION_COOKIE_NAME}={session.session_key}"


if __name__ == "__main__":
    main()
