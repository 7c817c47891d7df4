"""Lines and rules as papers show them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from babel.numbers import format_decimal
from django.utils.safestring import SafeString

from oms.portal.zones import babel_locale
from oms.quantities import plain
from orders.documents.pictures import draw_mark
from orders.queries.papers import PaperLine
from orders.wording.handling import describe_handling
from orders.wording.words import describe_options


@dataclass(frozen=True, slots=True)
class ShownLine:
    """`details`: options, and what was engraved or wrapped."""

    sku: str
    title: str
    details: Sequence[str]
    units: str


@dataclass(frozen=True, slots=True)
class ShownRule:
    """One handling class with its mark."""

    name: str
    packing: str
    picture: SafeString


def show_lines(lines: Sequence[PaperLine]) -> list[ShownLine]:
    return [ShownLine(line.sku, line.title, _details(line), show_units(line.quantity)) for line in lines]


def show_units(quantity: Decimal) -> str:
    """3, 2.5: as the active language writes numbers."""
    return format_decimal(plain(quantity), locale=babel_locale(), decimal_quantization=False)


def show_rules(handling: Iterable[str]) -> list[ShownRule]:
    return [ShownRule(rule.name, rule.packing, draw_mark(rule.code)) for rule in describe_handling(handling)]


def _details(line: PaperLine) -> list[str]:
    options = [f"{option.name}: {option.value}" for option in describe_options(line.options)]
    asked = [f"{name}: {value}" for name, value in line.properties.items() if not name.startswith("_") and value]
    return [", ".join(options), *asked] if options else asked
