"""The stock's acts: counted once, moved every day, and told what sells."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from decimal import Decimal
from functools import partial

from config.demo.deliveries import Shift as Goods
from config.demo.living import Act
from config.demo.stock_plan import Watch
from config.demo.stocking import Ledger
from config.demo.stories import Story
from inventory.actions.counting import Count, count_stock
from inventory.actions.moving import move_stock
from inventory.actions.promising import Shift, shift_availability
from inventory.actions.watching import set_threshold
from inventory.models import Variant
from inventory.policies.velocity import weigh_sale

COUNTED_AT_ONCE = 400
WATCHED_AFTER = timedelta(minutes=40)
WEEK = timedelta(days=7)


def list_stock_acts(
    ledger: Ledger, stories: Sequence[Story], watches: Mapping[str, Watch], *, now: datetime
) -> Iterator[Act]:
    """Opening, thresholds, every shift of goods, and each week what was sold in it."""
    for start in range(0, len(ledger.counts), COUNTED_AT_ONCE):
        yield Act(ledger.opened_at, partial(_count, ledger.counts[start : start + COUNTED_AT_ONCE]))
    yield Act(ledger.opened_at + WATCHED_AFTER, partial(_watch, watches))
    for goods in ledger.shifts:
        yield Act(goods.at, partial(_move, goods))
    for at, sold in sorted(_history_by_week(stories, now=now).items()):
        yield Act(at, partial(_remember_sales, sold))


def _count(counts: Sequence[Count], at: datetime) -> None:
    count_stock(counts, by="staff:marta", at=at)


def _watch(watches: Mapping[str, Watch], at: datetime) -> None:
    for sku, watch in watches.items():
        set_threshold(sku=sku, units=watch.units, days=watch.days, by="staff:marta", at=at)


def _move(goods: Goods, at: datetime) -> None:
    move_stock(goods.moves, by=goods.by, at=at)


def _history_by_week(stories: Sequence[Story], *, now: datetime) -> dict[datetime, list[tuple[str, Decimal, datetime]]]:
    weeks: dict[datetime, list[tuple[str, Decimal, datetime]]] = defaultdict(list)
    for story in stories:
        if story.is_history(now=now) and not story.life.cancelled:
            weeks_ago = (now - story.sale.at) // WEEK
            weeks[now - weeks_ago * WEEK] += [
                (i.article.sku, i.quantity, story.sale.at) for i in story.sale.items if i.article
            ]
    return weeks


def _remember_sales(sold: Sequence[tuple[str, Decimal, datetime]], at: datetime) -> None:
    """History claims no stock, so its demand is told apart: what sold counts, whoever sent it."""
    ids = dict(Variant.objects.filter(sku__in={sku for sku, _, _ in sold}).values_list("sku", "id"))
    shifts = [Shift(ids[sku], sold=weigh_sale(quantity=float(units), sold_at=when, at=at)) for sku, units, when in sold]
    shift_availability(shifts, by="system", at=at)
