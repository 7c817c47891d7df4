"""When people buy: by hour, weekday and trend, and twice as much in Linen Week."""

from bisect import bisect
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import accumulate
from zoneinfo import ZoneInfo

from config.demo.brand import Shop, list_shops
from config.demo.dice import roll

DAYS = 60
GROWTH = (0.8, 1.2)
"""Of the mean, on the first day and on the last."""
WEEKDAYS = (1.0, 0.95, 0.95, 1.0, 0.9, 1.05, 1.35)
HOURS = (12, 6, 3, 2, 2, 4, 10, 22, 34, 42, 48, 54, 60, 52, 46, 44, 46, 52, 62, 78, 92, 88, 60, 30)

PROMOTION = (timedelta(days=24), timedelta(days=19))
"""Linen Week: from so long ago to so long ago."""
PROMOTION_LIFT = 2.3
LAST_DAY = (timedelta(hours=30), 0.25)
"""The last hours are told on purpose (`scenes`): chance adds only so much to them."""
HOUR = timedelta(hours=1)


def is_promotion(at: datetime, *, now: datetime) -> bool:
    start, end = PROMOTION
    return now - start <= at < now - end


def place_moments(count: int, *, now: datetime) -> list[tuple[datetime, Shop]]:
    """So many purchases of the last sixty days, oldest first: when, and in which shop."""
    hours = list(_weighted_hours(now))
    sums = list(accumulate(weight for _, _, weight in hours))
    dice = roll("moments")
    moments = []
    for _ in range(count):
        start, shop, _ = hours[bisect(sums, dice.random() * sums[-1])]
        moments.append((start + timedelta(seconds=dice.randrange(3600)), shop))
    return sorted(moments, key=lambda moment: (moment[0], moment[1].code))


def _weighted_hours(now: datetime) -> Iterator[tuple[datetime, Shop, float]]:
    first = now - timedelta(days=DAYS)
    hours = DAYS * 24
    shops = [(shop, ZoneInfo(shop.zone)) for shop in list_shops()]
    for place in range(hours):
        start = first + place * HOUR
        trend = GROWTH[0] + (GROWTH[1] - GROWTH[0]) * place / hours
        lift = PROMOTION_LIFT if is_promotion(start, now=now) else 1.0
        left = LAST_DAY[1] if now - start <= LAST_DAY[0] else 1.0
        for shop, zone in shops:
            local = start.astimezone(zone)
            habit = WEEKDAYS[local.weekday()] * HOURS[local.hour]
            yield start.astimezone(UTC), shop, shop.share * trend * lift * left * habit
