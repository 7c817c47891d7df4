"""Goods on their way: purchase orders announced and received, inspections, damage, transfers."""

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

from config.demo.catalogue import Article, list_articles
from config.demo.demand import Demand, warehouses_of
from config.demo.dice import roll
from config.demo.scenes import SCARCE, SOLD_OUT
from config.demo.stock_plan import Watch, is_low_on_purpose
from inventory.actions.moving import Kind, Move

DAY = timedelta(days=1)
INSPECTION_DAYS = 10
"""What was opened for inspection since is still being looked at."""


@dataclass(frozen=True, slots=True)
class PurchaseOrder:
    """Goods of one origin for one warehouse; announced and received so many days before now."""

    number: str
    supplier: str
    origin: str
    warehouse: str
    announced: int
    received: int | None
    skus: int


PURCHASE_ORDERS: Sequence[PurchaseOrder] = (
    PurchaseOrder("PO-2611", "Kaunas Flax Mill", "LT", "LEJ", 58, 51, 34),
    PurchaseOrder("PO-2612", "Malhas do Ave", "PT", "LEJ", 57, 47, 30),
    PurchaseOrder("PO-2615", "Malhas do Ave", "PT", "RNO", 55, 40, 18),
    PurchaseOrder("PO-2618", "Yantian Home Goods", "CN", "SZX", 50, 43, 12),
    PurchaseOrder("PO-2620", "Olaria de Alcobaça", "PT", "LEJ", 44, 33, 14),
    PurchaseOrder("PO-2623", "Kaunas Flax Mill", "LT", "RNO", 43, 26, 16),
    PurchaseOrder("PO-2624", "Pleisse Candle Works", "DE", "LEJ", 30, 27, 16),
    PurchaseOrder("PO-2627", "Kaunas Flax Mill", "LT", "LEJ", 29, 17, 30),
    PurchaseOrder("PO-2629", "Yantian Home Goods", "CN", "SZX", 20, 9, 10),
    PurchaseOrder("PO-2630", "Malhas do Ave", "PT", "LEJ", 16, None, 36),
    PurchaseOrder("PO-2631", "Kaunas Flax Mill", "LT", "LEJ", 11, None, 28),
    PurchaseOrder("PO-2633", "Filatura Biella", "IT", "LEJ", 8, None, 9),
    PurchaseOrder("PO-2634", "Malhas do Ave", "PT", "RNO", 6, None, 14),
    PurchaseOrder("PO-2635", "Yantian Home Goods", "CN", "SZX", 3, None, 8),
)


@dataclass(frozen=True, slots=True)
class Shift:
    """Moves that are posted together."""

    at: datetime
    by: str
    moves: list[Move]


def plan_deliveries(demand: Demand, watches: Mapping[str, Watch], *, now: datetime) -> list[Shift]:
    """All that arrives, breaks or travels, oldest first."""
    dawn = now.replace(hour=6, minute=20, second=0)
    shifts = [shift for order in PURCHASE_ORDERS for shift in _order_shifts(order, demand, watches, dawn)]
    shifts += [*_accidents(watches, dawn), *_transfers(watches, dawn)]
    return sorted((shift for shift in shifts if shift.moves), key=lambda shift: shift.at)


def is_exact(article: Article, watches: Mapping[str, Watch]) -> bool:
    """What must end at exactly so many units gets no deliveries."""
    watch = watches.get(article.sku, Watch())
    return article.sku in SCARCE or article.sku in SOLD_OUT or is_low_on_purpose(article, watch)


def _order_shifts(
    order: PurchaseOrder, demand: Demand, watches: Mapping[str, Watch], dawn: datetime
) -> Iterator[Shift]:
    goods = _choose_goods(order, demand, watches)
    note = f"{order.supplier}, {order.number}"

    def moves(kind: Kind, units: Mapping[str, Decimal]) -> list[Move]:
        return [Move(kind, sku, order.warehouse, n, note=note, reference=order.number) for sku, n in units.items() if n]

    yield Shift(dawn - order.announced * DAY + 4 * timedelta(hours=1), "staff:marta", moves(Kind.ANNOUNCE, goods))
    if order.received is None:
        return
    arrival = dawn - order.received * DAY
    yield Shift(arrival, "staff:wei", moves(Kind.RECEIVE_INCOMING, goods))
    if order.origin != "CN":
        return
    opened = {sku: Decimal(math.ceil(units / 4)) for sku, units in goods.items()}
    yield Shift(arrival + timedelta(hours=3), "staff:wei", moves(Kind.SET_ASIDE, opened))
    if order.received > INSPECTION_DAYS:
        passed = {sku: units - (1 if units > 2 else 0) for sku, units in opened.items()}
        failed = {sku: Decimal(1) for sku, units in list(opened.items())[:3] if units > 2}
        yield Shift(arrival + 2 * DAY, "staff:wei", moves(Kind.PASS_INSPECTION, passed))
        yield Shift(arrival + 2 * DAY + timedelta(minutes=9), "staff:wei", moves(Kind.FAIL_INSPECTION, failed))


def _choose_goods(order: PurchaseOrder, demand: Demand, watches: Mapping[str, Watch]) -> dict[str, Decimal]:
    """What sells best of that origin, and first of all what has run out, in packs of six."""
    stocked = [a for a in list_articles() if a.origin == order.origin and order.warehouse in warehouses_of(a)]
    if order.received is None:
        missing = [article for article in stocked if is_exact(article, watches)]
    else:
        missing = []
        stocked = [article for article in stocked if not is_exact(article, watches)]
    dice = roll("goods", order.number)
    others = [article for article in stocked if article not in missing]
    chosen = missing + dice.sample(others, min(len(others), max(0, order.skus - len(missing))))
    return {a.sku: Decimal(6 * math.ceil((demand.a_day[a.sku] * dice.uniform(12, 30) + 2) / 6)) for a in chosen}


def _accidents(watches: Mapping[str, Watch], dawn: datetime) -> Iterator[Shift]:
    """What is fragile breaks now and then; half of it has been thrown away since."""
    dice = roll("accidents")
    fragile = [article for article in list_articles() if article.fragile and not is_exact(article, watches)]
    notes = ("Fell off the pallet", "Chipped in the shelf", "Broken on arrival", "Water from the roof")
    for article in dice.sample(fragile, 14):
        at = dawn - dice.uniform(2, 56) * DAY
        units, note = Decimal(dice.randint(1, 3)), dice.choice(notes)
        yield Shift(at, "staff:wei", [Move(Kind.DAMAGE, article.sku, "LEJ", units, note=note)])
        if dice.random() < 0.5:
            gone = Move(Kind.WRITE_OFF_DAMAGED, article.sku, "LEJ", units, note="Disposed of")
            yield Shift(at + DAY, "staff:marta", [gone])


def _transfers(watches: Mapping[str, Watch], dawn: datetime) -> Iterator[Shift]:
    """Shenzhen sends on to Leipzig what comes through there."""
    goods = [a for a in list_articles() if "SZX" in warehouses_of(a) and not is_exact(a, watches)]
    for number, days_ago in (("TR-81", 38), ("TR-84", 12)):
        dice = roll("transfer", number)
        yield Shift(
            dawn - days_ago * DAY,
            "staff:marta",
            [
                Move(Kind.TRANSFER, a.sku, "SZX", Decimal(dice.randint(3, 8)), "LEJ", "Container to Leipzig", number)
                for a in dice.sample(goods, min(12, len(goods)))
            ],
        )
