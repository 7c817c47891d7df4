"""What Morrow & Flax sells: from its designs to products, variants and the articles that people put into baskets."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from itertools import product
from typing import Any

from config.demo.brand import read_table
from config.demo.prices import cost_of
from inventory.incoming import IncomingCategory, IncomingProduct
from inventory.policies.gtin import check_digit

PAGES = ("clothing", "linen", "home")

GIVEN_BARCODES = {"TEE-M-BLK": "4006381333931"}
RESTRICTED_PREFIX = "204"
"""GS1 keeps prefixes 20 to 29 for numbers inside one company, so that these are nobody else's."""

STEEPNESS = 1.4
"""The higher, the more the few sell of everything (Zipf)."""
MOST_WANTED_SIZES = {"XS": 0.5, "S": 0.9, "M": 1.4, "L": 1.2, "XL": 0.7, "XXL": 0.35}
SIZE_WEIGHTS = {"XS": "0.90", "S": "0.95", "M": "1", "L": "1.06", "XL": "1.12", "XXL": "1.18"}


@dataclass(frozen=True, slots=True)
class Choice:
    """One value of an option: how it stands in the SKU and how a person reads it."""

    code: str
    words: str


@dataclass(frozen=True, slots=True)
class Article:
    """One SKU: what it is, and how much people want it. `price` in euro, value added tax included; `cost` without."""

    sku: str
    design: str
    title: str
    category: str
    price: Decimal
    cost: Decimal
    origin: str
    pull: float
    divisible: bool
    fragile: bool
    options: dict[str, str]
    columns: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Design:
    """A product before it has sizes and colours, as its page describes it."""

    row: dict[str, Any]

    @property
    def code(self) -> str:
        return self.row["code"]

    @property
    def sizes(self) -> list[Choice]:
        """ "135X200 = 135 × 200 cm" or a bare "M"; none when there is one size."""
        stated = self.row.get("sizes", [])
        pairs = [str(size).partition(" = ") for size in (stated.split() if isinstance(stated, str) else stated)]
        return [Choice(code, words or code) for code, _, words in pairs]

    @property
    def looks(self) -> tuple[str, list[Choice]]:
        """The other option, by name: colour, scent or motif."""
        for name in ("colour", "scent", "motif"):
            if stated := self.row.get(f"{name}s"):
                known = read_table("brand")[f"{name}s"]
                return name, [Choice(code, known[code]) for code in stated.split()]
        return "", []


@cache
def list_designs() -> list[Design]:
    return [Design(row) for page in PAGES for row in read_table(page)["design"]]


@cache
def list_articles() -> list[Article]:
    """Every SKU, in the order of the pages."""
    numbered = enumerate((design, size, look) for design in list_designs() for size, look in _combinations(design))
    return [_article(design, size, look, number) for number, (design, size, look) in numbered]


def list_categories() -> list[IncomingCategory]:
    return [IncomingCategory(**row) for row in read_table("brand")["category"]]


def list_products() -> list[IncomingProduct]:
    """The catalogue as `create_products` takes it."""
    articles: dict[str, list[Article]] = {}
    for article in list_articles():
        articles.setdefault(article.design, []).append(article)
    return [_product(design, articles[design.code]) for design in list_designs()]


def _combinations(design: Design) -> Sequence[tuple[int | None, int | None]]:
    """Places in the lists of sizes and looks; None where there is no such option."""
    sizes, (_, looks) = design.sizes, design.looks
    return list(product(range(len(sizes)) if sizes else [None], range(len(looks)) if looks else [None]))


def _article(design: Design, size: int | None, look: int | None, number: int) -> Article:
    row, sizes, (kind, looks) = design.row, design.sizes, design.looks
    size_choice = sizes[size] if size is not None else None
    look_choice = looks[look] if look is not None else None
    chosen = [choice for choice in (size_choice, look_choice) if choice]
    price = Decimal(_of_size(row["price"], size))
    sku = "-".join([design.code, *(choice.code for choice in chosen)])
    options = {name: choice.words for name, choice in (("size", size_choice), (kind, look_choice)) if choice}

    wanted = MOST_WANTED_SIZES.get(size_choice.code, 1.0) if size_choice else 1.0
    return Article(
        sku=sku,
        design=design.code,
        title=row["title"],
        category=row["category"],
        price=price,
        cost=cost_of(price, row["category"]),
        origin=row["origin"],
        pull=row["pull"] ** STEEPNESS * wanted / ((look or 0) + 1) ** 0.8,
        divisible=row.get("divisible", False),
        fragile="fragile" in row.get("handling", ()),
        options=options,
        columns=_columns(row, sku, size, size_choice, number),
    )


def _columns(row: dict[str, Any], sku: str, size: int | None, choice: Choice | None, number: int) -> dict[str, Any]:
    """What customs and carriers ask of a SKU."""
    factor = Decimal(SIZE_WEIGHTS.get(choice.code, "1")) if choice else Decimal(1)
    length, width, height = row["box"]
    digits = f"{RESTRICTED_PREFIX}{number + 1:09}"
    return {
        "barcode": GIVEN_BARCODES.get(sku) or f"{digits}{check_digit(digits)}",
        "weight_grams": int(_of_size(row["grams"], size) * factor),
        "length_mm": length,
        "width_mm": width,
        "height_mm": height,
        "hs_code": row["hs"],
        "origin": row["origin"],
        "divisible": row.get("divisible", False),
    }


def _of_size(stated: Any, size: int | None) -> Any:
    return stated[size or 0] if isinstance(stated, list) else stated


def _product(design: Design, articles: Sequence[Article]) -> IncomingProduct:
    row, brand = design.row, read_table("brand")
    return IncomingProduct(
        title=row["title"],
        handle=row["title"].lower().replace(",", "").replace("é", "e").replace(" ", "-"),
        product_type=row["type"],
        category=row["category"],
        brand=brand["name"],
        description=row["text"],
        care=brand["care"][row["care"]],
        handling=row.get("handling", []),
        tags=[row["category"]] + (["bestseller"] if row["pull"] >= 8 else []),
        variants=[_variant(article) for article in articles],
    )


def _variant(article: Article) -> dict[str, Any]:
    price, cost = ({"amount": str(amount), "currency": "EUR"} for amount in (article.price, article.cost))
    return {"sku": article.sku, "options": article.options, "price": price, "unit_cost": cost, **article.columns}
