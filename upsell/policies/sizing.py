"""In which size something is offered: the one that its customer ordered or kept of the same kind; else what sells best.

Numbers mean something only within one category: a shoe of 42 says nothing of trousers. Letters mean the same in all
categories that stand side by side, below the same one.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

NAMES = frozenset(
    {"size", "größe", "groesse", "taille", "talla", "taglia", "maat", "rozmiar", "尺码", "尺寸", "サイズ"}
)
"""What merchants call the option, in lower case."""
LETTERS = frozenset({"xxxs", "xxs", "xs", "s", "m", "l", "xl", "xxl", "2xl", "xxxl", "3xl", "4xl", "5xl"})
NO_SIZE = frozenset({"", "one size", "onesize", "os", "default"})


@dataclass(frozen=True, slots=True)
class Kind:
    """A category, and the one above it; None where it stands in none, or alone."""

    category_id: int | None
    parent_id: int | None


@dataclass(frozen=True, slots=True)
class Worn:
    """A size that the customer has: `here` in this order, else kept from another."""

    size: str
    kind: Kind
    here: bool


@dataclass(frozen=True, slots=True)
class Fit:
    """A variant of the product that could be offered. `pace`: units a day."""

    sku: str
    options: Mapping[str, Any]
    pace: float


@dataclass(frozen=True, slots=True)
class Match:
    """The size, as its product calls it, and where it is known from."""

    size: str
    known_from: Literal["order", "kept"]


def find_size(options: Mapping[str, Any]) -> str:
    """In lower case; "" where there are no sizes."""
    found = next((str(value) for name, value in options.items() if name.strip().lower() in NAMES), "")
    size = found.strip().lower()
    return "" if size in NO_SIZE else size


def match_size(fits: Iterable[Fit], worn: Sequence[Worn], kind: Kind) -> Match | None:
    """The first of `worn` that the product comes in: of its own category, else, by letters, of one beside it."""
    sizes = {size: fit for fit in fits if (size := find_size(fit.options))}
    same = [each for each in worn if each.kind.category_id is not None and each.kind.category_id == kind.category_id]
    beside = [each for each in worn if each.size in LETTERS and _stand_side_by_side(each.kind, kind)]
    found = next((each for each in (*same, *beside) if each.size in sizes), None)
    if found is None:
        return None
    said = next(str(v) for n, v in sizes[found.size].options.items() if n.strip().lower() in NAMES)
    return Match(said.strip(), "order" if found.here else "kept")


def sort_fits(fits: Iterable[Fit], match: Match | None, *, like: Mapping[str, Any]) -> list[Fit]:
    """Best first: of the matched size, and in what else they are like the one that was thought of; then what sells."""
    size = match.size.lower() if match else ""

    def key(fit: Fit) -> tuple[bool, bool, float, str]:
        fits_well = bool(size) and find_size(fit.options) == size
        return not fits_well, fits_well and _without_size(fit.options) != _without_size(like), -fit.pace, fit.sku

    return sorted(fits, key=key)


def _stand_side_by_side(one: Kind, other: Kind) -> bool:
    return one.parent_id is not None and one.parent_id == other.parent_id


def _without_size(options: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in options.items() if name.strip().lower() not in NAMES}
