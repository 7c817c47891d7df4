"""The stock's own story: opened sixty days ago, moved every day since, until what was planned is there."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal

from config.demo.deliveries import Shift, plan_deliveries
from config.demo.demand import Demand, Place
from config.demo.rhythm import DAYS
from config.demo.stock_plan import Target, Watch, opening_of
from inventory.actions.counting import Count
from inventory.actions.moving import Kind, Move

DAY = timedelta(days=1)
INTO_ON_HAND = {
    Kind.RECEIVE_INCOMING: 1,
    Kind.SET_ASIDE: -1,
    Kind.PASS_INSPECTION: 1,
    Kind.DAMAGE: -1,
    Kind.TRANSFER: -1,
}


@dataclass(frozen=True, slots=True)
class Ledger:
    """What is to be posted: the opening counts, and every shift of goods after them."""

    opened_at: datetime
    counts: list[Count]
    shifts: list[Shift]


def plan_ledger(
    demand: Demand, targets: Mapping[Place, Target], watches: Mapping[str, Watch], *, now: datetime
) -> Ledger:
    deliveries = plan_deliveries(demand, watches, now=now)
    changes: dict[Place, list[tuple[datetime, Decimal]]] = defaultdict(list)
    for shift in deliveries:
        for place, delta in _on_hand_changes(shift.moves):
            changes[place].append((shift.at, delta))
    for place, units in demand.left.items():
        changes[place] += [(_picked_at(at, now), -quantity) for at, quantity in units]

    counts = [
        Count(sku, warehouse, opening_of(target.on_hand, changes[sku, warehouse]), target.safety, "Opening count")
        for (sku, warehouse), target in targets.items()
    ]
    picks = list(_pick_shifts(demand, now=now))
    return Ledger(now - DAYS * DAY, counts, sorted([*deliveries, *picks], key=lambda shift: shift.at))


def _on_hand_changes(moves: Sequence[Move]) -> Iterator[tuple[Place, Decimal]]:
    for move in moves:
        if sign := INTO_ON_HAND.get(move.kind):
            yield (move.sku, move.warehouse), sign * move.quantity
        if move.to_warehouse:
            yield (move.sku, move.to_warehouse), move.quantity


def _pick_shifts(demand: Demand, *, now: datetime) -> Iterator[Shift]:
    """Each evening, what left that day is taken off the shelves."""
    evenings: dict[datetime, dict[Place, Decimal]] = defaultdict(lambda: defaultdict(Decimal))
    for place, units in sorted(demand.left.items()):
        for at, quantity in units:
            evenings[_picked_at(at, now)][place] += quantity
    for evening, picked in sorted(evenings.items()):
        note, reference = "Picked and sent", f"picks {evening:%Y-%m-%d}"
        moves = [
            Move(Kind.ADJUST, sku, warehouse, -quantity, note=note, reference=reference)
            for (sku, warehouse), quantity in picked.items()
        ]
        yield Shift(evening, "staff:wei", moves)


def _picked_at(at: datetime, now: datetime) -> datetime:
    """The evening after, or now if that is sooner. RNO's day ends when it is night in Leipzig."""
    evening = at.astimezone(UTC).replace(hour=23, minute=40, second=0, microsecond=0)
    return min(evening if evening >= at else evening + DAY, now)
