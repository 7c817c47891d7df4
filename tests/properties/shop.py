"""A small shop that many hands work on at once, and a plain model of it to compare with."""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal
from itertools import pairwise

from django.db.models import Count, F, Q, Sum

from inventory.models import Availability, Reservation, StockLevel, StockMovement
from inventory.queries.drift import find_drift
from oms.actions.delivering import deliver_deliveries
from oms.models import Delivery, EventRecord
from orders.models import Hold, Order, OrderLine
from tests.make.moments import NOON
from tests.make.orders import channel
from tests.make.stock import stocked_variant, warehouse

SKUS, WAREHOUSES = ("TEE", "CAP"), ("LEJ", "MUC")
AT_FIRST = 3
"""Units of each SKU in each warehouse: few, so that somebody always waits."""
AFTERWARDS = NOON.replace(year=2045)


@dataclass
class Sold:
    """An order as we know it: its lines by the channel's id for them, each a SKU and its units."""

    number: str
    external_id: str
    code: str
    lines: dict[str, tuple[str, int]]
    placed_at: datetime
    cancelled: bool = False


@dataclass
class Model:
    """What must be on the shelves, and what was sold."""

    now: datetime = NOON
    on_hand: dict[tuple[str, str], int] = field(default_factory=dict)
    safety: dict[tuple[str, str], int] = field(default_factory=dict)
    closed: set[str] = field(default_factory=set)
    orders: dict[str, Sold] = field(default_factory=dict)

    def sellable(self, sku: str) -> int:
        open_places = [place for place in WAREHOUSES if place not in self.closed]
        return sum(max(self.on_hand[sku, place] - self.safety[sku, place], 0) for place in open_places)

    def pass_time(self, minutes: int = 1) -> datetime:
        self.now += timedelta(minutes=minutes)
        return self.now

    def clock(self) -> str:
        return self.now.isoformat()


def open_shop() -> Model:
    """Two SKUs in two warehouses, one own channel and one that sells elsewhere."""
    channel("web", minutes=10), channel("amazon", minutes=5, already_sold=True)
    model = Model()
    for place in WAREHOUSES:
        warehouse(place)
    for sku in SKUS:
        for place in WAREHOUSES:
            stocked_variant(sku, AT_FIRST, place=place)
            model.on_hand[sku, place], model.safety[sku, place] = AT_FIRST, 0
    return model


def free_units() -> dict[str, Decimal]:
    """What a new buyer may have of each SKU: not promised, and not owed to who waits."""
    rows = Availability.objects.values_list("variant__sku", F("sellable") - F("promised"))
    owed = defaultdict(Decimal)
    short = Reservation.objects.filter(state="SHORT").values_list("variant__sku").annotate(Sum("quantity"))
    owed.update(dict(short))
    return {sku: max(units - owed[sku], Decimal(0)) for sku, units in rows}


def compare(model: Model) -> None:
    """Run what was queued; then everything must add up."""
    deliver_deliveries(at=AFTERWARDS)
    assert not Delivery.objects.exclude(state="DONE").exists()
    _compare_shelves(model)
    _compare_promises(model)
    _compare_orders(model)
    compare_stories()


def _compare_shelves(model: Model) -> None:
    levels = StockLevel.objects.values_list("variant__sku", "warehouse__code", "on_hand", "safety")
    for sku, place, on_hand, safety in levels:
        assert (on_hand, safety) == (model.on_hand[sku, place], model.safety[sku, place])
    sums = StockMovement.objects.filter(bucket="on_hand").values_list("variant__sku", "warehouse__code")
    for sku, place, units in sums.annotate(Sum("delta")):
        assert units == model.on_hand[sku, place]
    assert find_drift() == []


def _compare_promises(model: Model) -> None:
    promised = dict(Reservation.objects.filter(state="PROMISED").values_list("variant__sku").annotate(Sum("quantity")))
    for row in Availability.objects.select_related("variant"):
        sku = row.variant.sku
        assert (row.sellable, row.promised) == (model.sellable(sku), promised.get(sku, 0))
        assert 0 <= row.promised <= row.sellable
        first = Reservation.objects.filter(variant=row.variant, state="SHORT").order_by("since", "id").first()
        assert first is None or first.quantity > row.sellable - row.promised, "somebody waits for what is there"


def _compare_orders(model: Model) -> None:
    wanted: dict[tuple[str, str], int] = defaultdict(int)
    for sold in model.orders.values():
        for sku, units in sold.lines.values():
            wanted[sold.number, sku] += 0 if sold.cancelled else units
    reserved = Reservation.objects.open().values_list("reference", "variant__sku").annotate(Sum("quantity"))
    lines = OrderLine.objects.values_list("order__number", "sku").annotate(
        open=Sum(F("quantity") - F("cancelled_quantity") - F("fulfilled_quantity"))
    )
    expected = {key: units for key, units in wanted.items() if units}
    assert {(number, sku): units for number, sku, units in reserved} == expected
    assert {(number, sku): units for number, sku, units in lines if units} == expected

    short = set(Reservation.objects.filter(state="SHORT").values_list("reference", flat=True))
    held = Hold.objects.filter(reason="STOCK_SHORT", closed_at=None).values_list("order__number", flat=True)
    assert set(held) == short
    open_holds = Count(
        "holds", filter=Q(holds__closed_at=None) & (Q(holds__until=None) | Q(holds__until__gt=model.now))
    )
    for order in Order.objects.annotate(open_holds=open_holds):
        assert (order.status == "CANCELLED") == model.orders[order.number].cancelled
        assert order.status != "RELEASED" or order.open_holds == 0
        assert order.balance.amount == order.total - order.credited - order.paid + order.refunded
    assert Order.objects.count() == len(model.orders)


def compare_stories() -> None:
    """Each event once: no gap, one placement, one end, and never released twice without being held between."""
    stories: dict[tuple[str, str], list[str]] = defaultdict(list)
    events = EventRecord.objects.order_by("id").values_list("subject_kind", "subject", "sequence", "type")
    for kind, subject, sequence, type_ in events:
        stories[kind, subject].append(type_)
        assert sequence == len(stories[kind, subject])
    for (kind, _), types in stories.items():
        if kind == "order":
            assert (types[0], types.count("order.placed")) == ("order.placed", 1)
            assert types.count("order.cancelled") <= 1
            moves = [type_ for type_ in types if type_ in ("order.released", "order.held")]
            assert ("order.released", "order.released") not in pairwise(moves)
        if kind == "sku":
            crossings = [type_ for type_ in types if type_ in ("stock.low", "stock.recovered")]
            assert crossings == (["stock.low", "stock.recovered"] * len(crossings))[: len(crossings)]
