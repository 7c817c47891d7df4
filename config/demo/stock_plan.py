"""How much lies where: planned backwards from what there should be now, over all that left and arrived."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from config.demo.catalogue import Article, list_articles
from config.demo.demand import Demand, Place, warehouses_of
from config.demo.dice import roll
from config.demo.scenes import SCARCE, SOLD_OUT

NOTHING = Decimal(0)
WATCHED_BY_DAYS, WATCHED_BY_UNITS = 60, 80
"""The fastest SKUs have a threshold in days of cover, the next ones in units, the slow ones none."""
SHARE_LOW = 0.1


@dataclass(frozen=True, slots=True)
class Watch:
    """When a SKU counts as low."""

    units: Decimal | None = None
    days: float | None = None

    def level(self, a_day: float) -> float:
        return max(float(self.units or 0), (self.days or 0) * a_day)


@dataclass(frozen=True, slots=True)
class Target:
    """What lies in one place now: units in selling condition, of which `safety` are never sold."""

    on_hand: Decimal
    safety: Decimal


def watch_skus(demand: Demand) -> dict[str, Watch]:
    fastest = sorted(list_articles(), key=lambda article: (-demand.a_day[article.sku], article.sku))
    watches = {}
    for rank, article in enumerate(fastest[: WATCHED_BY_DAYS + WATCHED_BY_UNITS]):
        dice = roll("watch", article.sku)
        if rank < WATCHED_BY_DAYS:
            watches[article.sku] = Watch(days=float(dice.choice((7, 10, 14))))
        else:
            watches[article.sku] = Watch(units=Decimal(dice.choice((3, 4, 5, 6))))
    return watches


def plan_targets(demand: Demand, watches: Mapping[str, Watch]) -> dict[Place, Target]:
    """Everything there is now, by place."""
    targets = {}
    for article in list_articles():
        watch, a_day = watches.get(article.sku, Watch()), demand.a_day[article.sku]
        available = _available(article, watch, a_day)
        if article.sku not in SCARCE:
            available = max(available, demand.given_up[article.sku])
        shares = _share_out(article, available)
        for warehouse, units in shares.items():
            place = (article.sku, warehouse)
            slow = article.sku in SCARCE or article.sku in SOLD_OUT or watch == Watch()
            safety = NOTHING if slow else Decimal(math.ceil(a_day * 2 / len(shares)))
            targets[place] = Target(units + safety + demand.waiting[place], safety)
    return targets


def is_low_on_purpose(article: Article, watch: Watch) -> bool:
    return watch != Watch() and roll("low", article.sku).random() < SHARE_LOW


def _available(article: Article, watch: Watch, a_day: float) -> Decimal:
    """Units that nobody has been promised: a few SKUs are low, most last a month or two, some for ever."""
    if article.sku in SCARCE:
        return Decimal(SCARCE[article.sku])
    if article.sku in SOLD_OUT:
        return NOTHING
    dice, level = roll("cover", article.sku), watch.level(a_day)
    if is_low_on_purpose(article, watch):
        return Decimal(math.floor(level * dice.uniform(0.2, 0.7)))
    days = dice.uniform(25, 60) if dice.random() < 0.75 else dice.uniform(60, 130)
    units = max(a_day * days, level * 2 + 2) + dice.randint(1, 7)
    return Decimal(math.ceil(units))


def _share_out(article: Article, available: Decimal) -> dict[str, Decimal]:
    """Whole units by warehouse, most of them in Leipzig."""
    warehouses = warehouses_of(article)
    weights = {"LEJ": 6, "RNO": 3, "SZX": 2}
    whole = sum(weights[warehouse] for warehouse in warehouses)
    shares = {w: Decimal(math.floor(available * weights[w] / whole)) for w in warehouses}
    shares["LEJ"] += available - sum(shares.values())
    return shares


def opening_of(target: Decimal, changes: list[tuple[datetime, Decimal]]) -> Decimal:
    """What must have been there at first, so that these changes end at the target and never fall below zero."""
    total = lowest = NOTHING
    for _, delta in sorted(changes, key=lambda change: change[0]):
        total += delta
        lowest = min(lowest, total)
    return max(target - total, -lowest)
