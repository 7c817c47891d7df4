"""Somebody has an order routed again at the very moment in which a colleague says by hand who sends it."""

import os
from collections import Counter

import pytest

from inventory.models import Warehouse
from inventory.queries.drift import find_drift
from orders.actions.routing.overriding import override_routing
from orders.actions.routing.rerouting import find_way
from orders.models import Fulfillment, Order, RoutingDecision, RoutingRule
from tests.make.fulfillments import allocated, route, solve
from tests.make.moments import ADA, NOON
from tests.make.orders import channel, incoming, line, place
from tests.make.stock import count, stocked_variant, warehouse
from tests.races.together import errors_of, race_over

pytestmark = pytest.mark.django_db(transaction=True)

ROUNDS = int(os.environ.get("RACE_ROUNDS", "40"))


def stuck_orders() -> list[str]:
    """Orders of three shirts which no warehouse could send until just now; Leipzig is the cheaper one."""
    channel(minutes=0)
    stocked_variant(on_hand=10 * ROUNDS)
    warehouse("RTM", country="NL")
    forbidden = [RoutingRule.objects.create(kind="FORBID", warehouse=each) for each in Warehouse.objects.all()]
    sent = [incoming([line(quantity=3, external_id="l1")]) for _ in range(ROUNDS)]
    numbers = [placement.number for placement in place(*sent, at=NOON)]
    Order.objects.filter(number__in=numbers).update(status="RELEASED", released_at=NOON)
    while route(limit=500):
        pass
    RoutingRule.objects.filter(pk__in=[rule.pk for rule in forbidden]).delete()
    count(on_hand=10 * ROUNDS, place="RTM")
    RoutingRule.objects.create(kind="PREFER", warehouse=Warehouse.objects.get(code="LEJ"), amount=5)
    return numbers


def route_again(number: str) -> object:
    return find_way(number=number, solve=solve, by="bo", at=NOON)


def say_by_hand(number: str) -> object:
    wanted = {"RTM": {Order.objects.get(number=number).lines.get().pk: 3}}
    return override_routing(number=number, wanted=wanted, note="By truck", by=ADA, at=NOON)


def test_what_staff_say_by_hand_stands_whoever_was_first_and_no_unit_is_taken_twice():
    numbers = stuck_orders()
    assert not Fulfillment.objects.exists()

    outcomes = race_over(numbers, route_again, say_by_hand)

    assert errors_of([each for pair in outcomes for each in pair]) == []
    live = Fulfillment.objects.live().values_list("order__number", "warehouse__code")
    assert Counter(live) == Counter({(number, "RTM"): 1 for number in numbers})
    assert set(RoutingDecision.objects.filter(superseded_at=None).values_list("note", flat=True)) == {"By truck"}
    assert (allocated(place="LEJ"), allocated(place="RTM")) == (0, 3 * ROUNDS)
    assert find_drift() == []
    taken_back = Fulfillment.objects.filter(status="CANCELLED").count()
    print(f"routing again against by hand: {ROUNDS} rounds, {taken_back} taken back from the first")
