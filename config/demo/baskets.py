"""What people put into their baskets."""

from bisect import bisect
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from itertools import accumulate
from random import Random

from config.demo.brand import read_table
from config.demo.catalogue import Article, list_articles

LINES = (1, 1, 1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 4, 5)
UNITS = (1, 1, 1, 1, 1, 1, 1, 2, 2, 3)
UNITS_OF_DEAR = (1, 1, 1, 1, 1, 1, 1, 1, 1, 2)
DEAR = Decimal(40)
METRES = ("0.5", "1", "1.5", "2", "2.5", "3.25", "4")
TOGETHER = 0.7
"""Of those who take more, so many take what goes with what they have."""
LIKES_THE_SAME = 8
"""A size or colour that is in the basket already is taken so much rather than another."""
MONOGRAM = Decimal("12.00")
GIFT_WRAP = Decimal("4.00")


@dataclass(slots=True)
class Item:
    """One line of a basket: an article, or something without SKU. `price` in euro."""

    article: Article | None
    quantity: Decimal
    price: Decimal
    kind: str = "PRODUCT"
    title: str = ""
    properties: dict[str, str] = field(default_factory=dict)


class Shelf:
    """The articles that may be taken, each as often as it is wanted."""

    def __init__(self, *, without: Collection[str] = ()) -> None:
        self.articles = [article for article in list_articles() if article.sku not in without]
        self._sums = list(accumulate(article.pull for article in self.articles))
        self._designs: dict[str, list[Article]] = {}
        for article in self.articles:
            self._designs.setdefault(article.design, []).append(article)

    def take(self, dice: Random) -> Article:
        return self.articles[bisect(self._sums, dice.random() * self._sums[-1])]

    def take_beside(self, other: Article, dice: Random) -> Article:
        """Something that goes with it, of the same size and colour where there is such; else anything."""
        designs = [code for code in read_table("companions")[other.design].split() if code in self._designs]
        if not designs or dice.random() >= TOGETHER:
            return self.take(dice)
        articles = self._designs[dice.choice(designs)]
        return dice.choices(articles, [article.pull * _likeness(article, other) for article in articles])[0]


def fill_basket(shelf: Shelf, dice: Random, *, extras: bool) -> list[Item]:
    """One to five articles and, where the shop offers them, now and then something that is none."""
    article = shelf.take(dice)
    chosen = {article.sku: _item(article, dice)}
    for _ in range(dice.choice(LINES) - 1):
        article = shelf.take_beside(article, dice)
        chosen.setdefault(article.sku, _item(article, dice))
    return [*chosen.values(), *(_extras(dice) if extras else ())]


def _likeness(article: Article, other: Article) -> float:
    return LIKES_THE_SAME ** sum(other.options.get(name) == words for name, words in article.options.items())


def _item(article: Article, dice: Random) -> Item:
    return Item(article, _quantity(article, dice), article.price)


def _quantity(article: Article, dice: Random) -> Decimal:
    if article.divisible:
        return Decimal(dice.choice(METRES))
    return Decimal(dice.choice(UNITS_OF_DEAR if article.price >= DEAR else UNITS))


def _extras(dice: Random) -> Iterator[Item]:
    fate = dice.random()
    if fate < 0.02:
        value = dice.choice((25, 50, 100))
        yield Item(None, Decimal(1), Decimal(value), "GIFT_CARD", f"Gift card {value}")
    elif fate < 0.045:
        letters = "".join(dice.choice("ABEFHJKLMNRST") for _ in range(2))
        yield Item(None, Decimal(1), MONOGRAM, "CUSTOM", "Monogram, hand-embroidered", {"monogram": letters})
    elif fate < 0.085:
        words = dice.choice(("Happy birthday!", "Alles Liebe", "For the new kitchen", ""))
        yield Item(None, Decimal(1), GIFT_WRAP, "FEE", "Gift wrapping", {"card": words} if words else {})
