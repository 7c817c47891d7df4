"""Cases of other shop systems about routing, all the way: placed, routed in a wave, booked on the shelves."""

from decimal import Decimal

import pytest

from inventory.queries.drift import find_drift
from orders.models import Order, RoutingRule
from tests.make.fulfillments import allocated, allocations, route, routed_order
from tests.make.orders import line, placed_order
from tests.make.stock import promises, stocked_variant, warehouse

pytestmark = pytest.mark.django_db


def stock(**units: int) -> None:
    """So many of the one SKU in each warehouse; the first is preferred."""
    for priority, (place, on_hand) in enumerate(units.items()):
        stocked_variant(on_hand=on_hand, place=place)
        place_of = warehouse(place)
        place_of.priority = priority
        place_of.save()


def sent(order: Order) -> dict[str, Decimal]:
    """Units by warehouse."""
    rows = order.fulfillments.live().values_list("warehouse__code", "lines__quantity")
    return dict(rows)


def test_what_is_kept_for_another_order_is_not_there():
    """PC17: New York has 1, which is another order's; Los Angeles has 10."""
    stock(NYC=1, LAX=10)
    first = routed_order()
    assert sent(first) == {"NYC": 1}

    second = routed_order()

    assert sent(second) == {"LAX": 1}
    assert (allocated(place="NYC"), allocated(place="LAX")) == (1, 1)
    assert find_drift() == []


def test_where_only_one_warehouse_may_send_it_sends_all():
    """PC20: the customer comes to a collection point that has 5; others have more, and would be nearer."""
    stock(OTHER=9, POINT=5)
    RoutingRule.objects.create(kind="FORBID", warehouse=warehouse("OTHER"), shipping_method="collect at POINT")

    order = routed_order(lines=[line(quantity=5)], shipping={"method": "collect at POINT", "amount": "0.00"})

    assert sent(order) == {"POINT": 5}
    assert allocations() == [(f"{order.number}-F1", Decimal(5))]
    assert find_drift() == []


def test_the_first_gives_what_it_has_free_and_the_next_the_rest():
    """PC21: of 3 in the first one is another order's; 3 are wanted, and the second has but 2."""
    stock(FIRST=3, SECOND=2)
    assert sent(routed_order()) == {"FIRST": 1}

    order = routed_order(lines=[line(quantity=3)])

    assert sent(order) == {"FIRST": 2, "SECOND": 1}
    assert promises() == (5, 4)
    assert (allocated(place="FIRST"), allocated(place="SECOND")) == (3, 1)
    assert find_drift() == []


def test_what_is_short_as_a_whole_takes_nothing():
    """PC22: 4 + 3 on the shelves, of which 3 are allocated; 6 were sold on a marketplace."""
    stock(FIRST=4, SECOND=3)
    routed_order(lines=[line(quantity=3)])
    before = allocations()

    short = placed_order(lines=[line(quantity=6)], already_sold=True)
    route()

    short.refresh_from_db()
    assert (short.status, sent(short), allocations()) == ("HELD", {}, before)
    assert "STOCK_SHORT" in short.holds.filter(closed_at=None).values_list("reason", flat=True)
    assert find_drift() == []
