"""Orders that must not leave before a day: routed at once, set apart, and asked of nobody until then."""

from datetime import UTC, date, datetime, time, timedelta

import pytest
from django.db import IntegrityError, transaction

from inventory.models import Warehouse
from oms.models import Delivery, EventRecord
from orders.actions.fulfilling.scheduling import open_due_fulfillments
from orders.actions.routing.overriding import override_routing
from orders.models import Fulfillment, Order, RoutingDecision
from tests.make.fulfillments import allocated, parts, route, routed_order
from tests.make.moments import ADA, NOON, ONE_HOUR
from tests.make.orders import channel, incoming, line, place, placed_order, released_order
from tests.make.statements import statements_made
from tests.make.stock import SKU, stocked_variant

pytestmark = pytest.mark.django_db

THURSDAY = date(2026, 12, 3)
FIRST_HOUR = datetime(2026, 12, 2, 23, tzinfo=UTC)
"""When that day begins in Leipzig."""

THURSDAYS_VAN = datetime(2026, 12, 3, 14, tzinfo=UTC)
NEXT_VAN = datetime(2026, 11, 23, 14, tzinfo=UTC)


@pytest.fixture(autouse=True)
def leipzig():
    stocked_variant(SKU, 1000)
    Warehouse.objects.update(time_zone="Europe/Berlin", cut_off=time(15), working_days=[1, 2, 3, 4, 5])


def deferred(day: date = THURSDAY, **fields) -> Fulfillment:
    return routed_order(ship_after=day.isoformat(), **fields).fulfillments.get()


def said(type_: str) -> list[dict]:
    return list(EventRecord.objects.filter(type=type_).values_list("facts", flat=True))


def test_it_is_routed_at_once_and_nobody_is_asked_before_that_day_begins_where_the_goods_are():
    part = deferred(lines=[line(quantity=2)])

    assert (part.status, part.request_status, part.requested_at) == ("SCHEDULED", "UNSUBMITTED", None)
    assert part.fulfill_at == FIRST_HOUR
    assert part.ship_by == datetime(2026, 12, 3, 14, tzinfo=UTC)
    assert allocated() == 2
    (told,) = said("fulfillment.scheduled")
    assert (told["fulfill_at"], told["lines"][0]["quantity"]) == (FIRST_HOUR.isoformat(), 2)
    assert said("fulfillment.requested") == []
    assert not Delivery.objects.filter(reaction__contains="want_labels").exists()


def test_on_its_day_the_warehouse_is_asked():
    part = deferred()

    assert open_due_fulfillments(at=FIRST_HOUR - timedelta(seconds=1), limit=10) == 0
    assert open_due_fulfillments(at=FIRST_HOUR, limit=10) == 1

    part.refresh_from_db()
    assert (part.status, part.request_status, part.requested_at) == ("OPEN", "SUBMITTED", FIRST_HOUR)
    assert part.ship_by == datetime(2026, 12, 3, 14, tzinfo=UTC)


def test_a_day_on_which_nobody_works_there_means_the_next_that_is_one():
    assert deferred(date(2026, 12, 5)).ship_by == datetime(2026, 12, 7, 14, tzinfo=UTC)


@pytest.mark.parametrize("day", [NOON.date(), NOON.date() - timedelta(days=1)])
def test_a_day_that_has_begun_delays_nothing(day: date):
    assert parts(routed_order(ship_after=day.isoformat())) == [("LEJ", "OPEN", "SUBMITTED")]
    assert said("fulfillment.scheduled") == []


def test_the_decision_names_the_van_by_which_it_leaves():
    part = deferred()

    (told,) = RoutingDecision.objects.get().parts
    assert datetime.fromisoformat(told["ship_by"]) == part.ship_by


def test_who_routes_it_otherwise_by_hand_moves_no_day():
    order = deferred().order
    wanted = {"LEJ": {order.lines.get().pk: 1}}

    override_routing(number=order.number, wanted=wanted, note="Same place", by=ADA, at=NOON)

    assert parts(order) == [("LEJ", "CANCELLED", "UNSUBMITTED"), ("LEJ", "SCHEDULED", "UNSUBMITTED")]
    assert order.fulfillments.live().get().fulfill_at == FIRST_HOUR


def test_a_wave_takes_no_statement_more_for_them_and_asks_for_the_others_at_once():
    made = []
    for days in ([None] * 4, [None, None, "2026-12-03", "2026-12-04"]):
        for day in days:
            released_order(ship_after=day)
        with statements_made() as statements:
            route()
        made.append(len(statements))

    assert made[0] == made[1]
    statuses = Fulfillment.objects.order_by("id").values_list("status", flat=True)
    assert list(statuses) == ["OPEN"] * 6 + ["SCHEDULED"] * 2


def test_the_window_for_changes_is_as_long_as_ever():
    usual, later = placed_order(), placed_order(ship_after="2026-12-03")
    assert usual.holds.get().until == later.holds.get().until


def test_the_database_takes_no_day_that_makes_no_sense():
    order = placed_order()
    for day in (date(2026, 11, 19), date(2028, 11, 22)):
        with pytest.raises(IntegrityError, match="order_ships_after_it_was_placed"), transaction.atomic():
            Order.objects.filter(pk=order.pk).update(ship_after=day)


def test_a_batch_holds_each_to_its_own_day():
    channel()
    place(incoming(ship_after="2026-12-03"), incoming())
    assert list(Order.objects.order_by("id").values_list("ship_after", flat=True)) == [THURSDAY, None]


def test_it_takes_no_room_on_todays_van():
    Warehouse.objects.update(daily_capacity=1)
    later, now = released_order(ship_after=THURSDAY.isoformat()), released_order()

    route()

    assert (leaves(now), leaves(later)) == (NEXT_VAN, THURSDAYS_VAN)


def test_it_takes_room_on_the_van_of_its_day_and_who_finds_that_full_leaves_by_the_next():
    Warehouse.objects.update(daily_capacity=1)
    first = deferred()

    second = deferred()

    assert (first.ship_by, second.ship_by) == (THURSDAYS_VAN, THURSDAYS_VAN + timedelta(days=1))


def test_whom_a_wave_finds_no_room_for_on_that_day_leaves_by_the_next_van_of_a_later_wave():
    Warehouse.objects.update(daily_capacity=1)
    for _ in range(2):
        released_order(ship_after=THURSDAY.isoformat())

    route()
    vans = Fulfillment.objects.order_by("ship_by").values_list("ship_by", flat=True)
    assert list(vans) == [THURSDAYS_VAN]

    route(at=NOON + ONE_HOUR)
    assert list(vans.all()) == [THURSDAYS_VAN, THURSDAYS_VAN + timedelta(days=1)]


def leaves(order: Order) -> datetime:
    return Fulfillment.objects.get(order=order).ship_by
