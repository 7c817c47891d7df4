"""Orders become a question to the solvers, and the answer parts of orders: nothing is lost on the way."""

from collections import Counter
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from orders.policies.routing.choosing import Choice, choose_plan
from orders.policies.routing.costing import Costing, is_express
from orders.policies.routing.orders import (
    Fare,
    Rule,
    Site,
    Terrain,
    UnroutedLine,
    UnroutedOrder,
    Weights,
)
from orders.policies.routing.problem import Wave
from orders.policies.routing.timing import time_part
from orders.policies.routing.together import route_together
from orders.policies.routing.waves import Decided, Routed, route_orders
from orders.policies.windows.cut_offs import CutOff

AT = datetime(2026, 11, 21, 12, tzinfo=UTC)
CODES = ("LEJ", "RTM", "SZX")
PRICES = {"LEJ": Decimal("4.00"), "RTM": Decimal("5.50"), "SZX": Decimal("9.00")}


@dataclass
class PlainLoad:
    """So much a parcel and so much a kilogram; duty of a tenth of the value from another continent."""

    order: UnroutedOrder
    units: dict[int, Decimal]

    def fare(self, site):
        if site.code == "SZX" and self.order.country == "AQ":
            return None
        grams = sum((line.grams * self.units.get(line.id, Decimal(0)) for line in self.order.lines), Decimal(0))
        return Fare(service_id=1, service="Standard", price=PRICES[site.code] + grams / 1000, days=2)

    def duty(self, site):
        if site.code != "SZX":
            return Decimal(0), ""
        value = sum((line.value * self.units.get(line.id, Decimal(0)) for line in self.order.lines), Decimal(0))
        return value / 10, "10 % of the value"


class PlainRoads:
    def load(self, order, units):
        return PlainLoad(order, units)


def site(place: int, *, left: int | None = None, **fields) -> Site:
    code = CODES[place]
    return Site(
        id=place + 1,
        code=code,
        name=code.title(),
        country="DE",
        priority=place,
        ship_by=AT + timedelta(hours=3),
        cut_off="Sat 15:00",
        left=left,
        partner=False,
        **fields,
    )


def order(number: int, lines: list[tuple[int | None, int]], *, country: str = "DE", **fields) -> UnroutedOrder:
    return UnroutedOrder(
        id=number,
        number=f"{1000 + number}",
        version=1,
        channel_id=1,
        country=country,
        currency="EUR",
        shipping_method="standard",
        tags=(),
        placed_at=AT,
        address_id=None,
        next_sequence=1,
        rejected=(),
        lines=[
            UnroutedLine(
                id=number * 100 + place,
                position=place,
                sku=f"SKU-{variant}",
                variant_id=variant,
                units=Decimal(units),
                value=Decimal("10.00"),
                grams=200,
                measures=None,
            )
            for place, (variant, units) in enumerate(lines)
        ],
        **fields,
    )


def route(orders, stock, *, sites=None, rules=()) -> Routed:
    terrain = Terrain(
        orders=orders, sites=sites or [site(place) for place in range(3)], stock=stock, rules=rules, at=AT
    )
    weights = Weights(currency="EUR", parcel=Decimal("1.50"), day=Decimal("0.20"))
    return route_orders(Costing(terrain, PlainRoads(), weights), solve)


def solve(wave: Wave) -> Choice:
    return choose_plan(wave, seconds=1, together=route_together)


def sent(decided: Decided) -> dict[int, Decimal]:
    sums: dict[int, Decimal] = {}
    for part in decided.parts:
        for line_id, units in part.units.items():
            sums[line_id] = sums.get(line_id, Decimal(0)) + units
    return sums


LINES = st.lists(st.tuples(st.sampled_from([1, 2, 3, None]), st.integers(1, 3)), min_size=1, max_size=4)
STOCK = st.dictionaries(
    st.tuples(st.sampled_from(CODES), st.sampled_from(["1", "2", "3"])), st.integers(1, 6).map(float), max_size=9
)


@given(orders=st.lists(LINES, min_size=1, max_size=5), stock=STOCK)
def test_parts_add_up_to_the_order_and_take_no_more_than_there_is(orders, stock):
    wanted = [order(number, lines) for number, lines in enumerate(orders)]

    routed = route(wanted, stock)

    taken: dict[tuple[str, str], float] = {}
    for decided in routed.decided:
        lines = {line.id: line for line in decided.order.lines}
        if decided.parts:
            assert sent(decided) == {line.id: line.units for line in decided.order.lines}
        for part in decided.parts:
            for line_id, units in part.units.items():
                if variant := lines[line_id].variant_id:
                    shelf = part.site.code, str(variant)
                    taken[shelf] = taken.get(shelf, 0.0) + float(units)
    assert all(units <= stock.get(shelf, 0.0) + 1e-6 for shelf, units in taken.items())


@given(lines=LINES, stock=STOCK)
def test_the_same_wave_is_decided_the_same_way_again(lines, stock):
    first, second = (route([order(1, lines)], stock).decided for _ in range(2))

    assert first == second


@given(lines=LINES, stock=STOCK, more=st.sampled_from([("LEJ", "1"), ("RTM", "2"), ("SZX", "3")]))
def test_more_stock_never_makes_an_order_dearer_or_unroutable(lines, stock, more):
    """By the prices that the wave is decided by: of a part of an order they are linear, the stored ones are real."""
    before, after = (route([order(1, lines)], there) for there in (stock, stock | {more: stock.get(more, 0.0) + 10}))

    assert bool(after.decided[0].parts) >= bool(before.decided[0].parts)
    if before.decided[0].parts and before.choice and after.choice:
        assert after.choice.plan.cost <= before.choice.plan.cost + 1e-6


def test_the_decision_names_what_each_way_costs_and_why_others_are_out():
    rules = [Rule(kind="FORBID", warehouse_id=2)]
    stock = {(code, "1"): 5.0 for code in CODES}

    (decided,) = route([order(1, [(1, 2)])], stock, rules=rules).decided

    (part,) = decided.parts
    assert (part.site.code, part.fare.price, part.duty, part.handling) == (
        "LEJ",
        Decimal("4.40"),
        Decimal(0),
        Decimal("1.50"),
    )
    (other,) = decided.alternatives
    assert (other.parts[0].site.code, other.parts[0].duty) == ("SZX", Decimal(2))
    assert other.dearer == other.cost - decided.cost
    assert [(each.warehouse, each.code) for each in decided.excluded] == [("RTM", "forbidden")]


def test_an_order_that_nobody_can_send_whole_says_what_is_missing():
    (decided,) = route([order(1, [(1, 3)])], {("LEJ", "1"): 1.0, ("RTM", "1"): 1.0}).decided

    assert (decided.parts, decided.short) == ((), ["SKU-1"])


def test_where_no_carrier_goes_is_out_of_the_question():
    (decided,) = route([order(1, [(1, 1)], country="AQ")], {("SZX", "1"): 5.0}).decided

    assert decided.parts == ()
    assert [(each.warehouse, each.code) for each in decided.excluded] == [("SZX", "no_rate")]


def test_a_full_warehouse_takes_no_more_parcels_than_it_has_room_for():
    stock = {("LEJ", "1"): 9.0, ("RTM", "1"): 9.0}
    orders = [order(number, [(1, 1)]) for number in range(3)]

    routed = route(orders, stock, sites=[site(0, left=1), site(1)])

    assert sorted(decided.parts[0].site.code for decided in routed.decided) == ["LEJ", "RTM", "RTM"]


DAILY = CutOff(time(15), ZoneInfo("UTC"), range(1, 8))
VANS = [datetime(2026, 11, day, 15, tzinfo=UTC) for day in range(21, 26)]
DAYS = st.sampled_from([None, *(van.date() for van in VANS[:4])])


@given(
    days=st.lists(DAYS, min_size=1, max_size=8),
    capacity=st.integers(0, 3),
    booked=st.dictionaries(st.sampled_from(VANS), st.integers(0, 3)),
)
def test_every_van_takes_as_many_parcels_as_it_has_room_for_whenever_it_leaves(days, capacity, booked):
    sites = [
        site(place, left=max(capacity - booked.get(VANS[0], 0), 0), van=DAILY, capacity=capacity, booked=booked)
        for place in range(2)
    ]
    wanted = [order(number, [(1, 1)], ship_after=day) for number, day in enumerate(days)]

    routed = route(wanted, {("LEJ", "1"): 20.0, ("RTM", "1"): 20.0}, sites=sites)

    loads = Counter(
        (part.site.code, time_part(each.order.ship_after, part.site, at=AT).ship_by)
        for each in routed.decided
        for part in each.parts
    )
    assert all(load <= max(capacity - booked.get(van, 0), 0) for (_, van), load in loads.items())
    for each in routed.decided:
        vans = [(place.code, time_part(each.order.ship_after, place, at=AT).ship_by) for place in sites]
        room = sum(max(capacity - booked.get(van, 0), 0) - loads[code, van] for code, van in vans)
        assert each.parts or room == 0, "nobody stays behind who finds room on the van of their day"


def test_orders_for_later_take_nothing_from_those_of_today_but_stock():
    today, later = order(1, [(1, 1)]), order(2, [(1, 1)], ship_after=VANS[2].date())
    there = [site(0, left=1, van=DAILY, capacity=1)]

    routed = route([later, today], {("LEJ", "1"): 2.0}, sites=there)
    short = route([later, today], {("LEJ", "1"): 1.0}, sites=there)

    assert [len(each.parts) for each in routed.decided] == [1, 1]
    assert routed.choice is not None and set(routed.choice.plan.routes) == {today.number, later.number}
    assert [each.order.number for each in short.decided if each.parts] == [today.number]


def test_what_takes_no_stock_goes_along_with_the_largest_part():
    stock = {("LEJ", "1"): 1.0, ("RTM", "2"): 9.0}

    (decided,) = route([order(1, [(1, 1), (2, 2), (None, 1)])], stock).decided

    along = {part.site.code for part in decided.parts if 102 in part.units}
    assert along == {"RTM"}


def test_express_is_understood_by_its_names():
    assert all(is_express(name) for name in ("Express", "DHL EXPRESS", "Next-day delivery", "特快专递"))
    assert not any(is_express(name) for name in ("", "Standard", "Economy"))
