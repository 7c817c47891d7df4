"""What the stories took, and still want, from which shelf: the figures that the stock is planned by."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal

from config.demo.catalogue import Article
from config.demo.dice import roll
from config.demo.lives import HOMES
from config.demo.stories import Story

RECENTLY = timedelta(days=28)
Place = tuple[str, str]
"""A SKU and a warehouse."""


@dataclass(slots=True)
class Demand:
    """Units that left each place and when; units that are still wanted; units wanted for a while; units a day."""

    left: dict[Place, list[tuple[datetime, Decimal]]] = field(default_factory=lambda: defaultdict(list))
    waiting: dict[Place, Decimal] = field(default_factory=lambda: defaultdict(Decimal))
    given_up: dict[str, Decimal] = field(default_factory=lambda: defaultdict(Decimal))
    a_day: dict[str, float] = field(default_factory=lambda: defaultdict(float))


def warehouses_of(article: Article) -> list[str]:
    """Leipzig has everything, Reno and Shenzhen what is worth the freight."""
    dice = roll("places", article.design)
    places = ["LEJ"]
    if dice.random() < 0.6 and not article.divisible:
        places.append("RNO")
    if article.origin == "CN" or (dice.random() < 0.3 and not article.fragile):
        places.append("SZX")
    return places


def place_of(article: Article, country: str) -> Place:
    """Where a unit for that country is taken from."""
    home = HOMES.get(country, "LEJ")
    return article.sku, home if home in warehouses_of(article) else "LEJ"


def measure_demand(stories: Sequence[Story], *, now: datetime) -> Demand:
    demand = Demand()
    days = RECENTLY / timedelta(days=1)
    for story, article, quantity, at in _taken(stories, now=now):
        place = place_of(article, story.sale.country.code)
        if at:
            demand.left[place].append((at, quantity))
        elif not story.sale.more_than_there_is:
            demand.waiting[place] += quantity
        if story.sale.at >= now - RECENTLY:
            demand.a_day[article.sku] += float(quantity) / days
    for story in stories:
        if story.life.cancelled and not story.is_history(now=now):
            for item in story.sale.items:
                if item.article:
                    demand.given_up[item.article.sku] += item.quantity
    return demand


def _taken(stories: Sequence[Story], *, now: datetime) -> Iterator[tuple[Story, Article, Decimal, datetime | None]]:
    for story in stories:
        for parcel in story.parcels(now=now):
            for item in parcel.items:
                if item.article:
                    yield story, item.article, item.quantity, parcel.at
