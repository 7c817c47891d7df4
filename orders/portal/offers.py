"""What can be chosen, grouped by product: sizes in their order, swatches, prices, and what is sold out."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any

from inventory.policies.swatches import find_swatch
from orders.queries.edits.shelf import Offer
from orders.wording.words import Option, describe_options, say_options, sort_key

FEW = 5


@dataclass(frozen=True, slots=True)
class Choice:
    """A variant to choose. `difference`: what it costs more or less than the one on the order; None: not known."""

    sku: str
    said: str
    size: str
    shade: str
    options: list[Option]
    swatch: str
    in_stock: bool
    few: bool
    price: Decimal | None
    difference: Decimal | None
    currency: str


@dataclass(frozen=True, slots=True)
class Shade:
    """Everything about a product's variants but their size: a colour, mostly."""

    name: str
    swatch: str
    choices: list[Choice]


@dataclass(frozen=True, slots=True)
class OfferedProduct:
    id: int
    title: str
    choices: list[Choice]
    divisible: bool

    @property
    def initial(self) -> str:
        return self.title[:1].upper()

    @property
    def swatch(self) -> str:
        return next((choice.swatch for choice in self.choices if choice.swatch), "")

    @property
    def prices(self) -> tuple[Decimal | None, bool]:
        """The lowest price, and whether there are others."""
        known = {choice.price for choice in self.choices if choice.price is not None}
        return (min(known) if known else None, len(known) > 1)


def group_offers(offers: Sequence[Offer], *, base: Decimal | None = None) -> list[OfferedProduct]:
    """Products in the order in which they come, their variants from small to large."""
    groups: dict[int, list[Offer]] = {}
    for offer in offers:
        groups.setdefault(offer.product_id, []).append(offer)
    return [
        OfferedProduct(product, group[0].title, _choices(group, base), group[0].divisible)
        for product, group in groups.items()
    ]


def _choices(offers: Sequence[Offer], base: Decimal | None) -> list[Choice]:
    return [
        Choice(
            sku=offer.sku,
            said=say_options(offer.options) or offer.sku,
            size=say_options(_only(offer.options, size=True)),
            shade=say_options(_only(offer.options, size=False)),
            options=describe_options(offer.options),
            swatch=find_swatch(offer.options),
            in_stock=offer.available > 0,
            few=0 < offer.available <= FEW,
            price=offer.price,
            difference=offer.price - base if offer.price is not None and base is not None else None,
            currency=offer.currency,
        )
        for offer in sorted(offers, key=lambda offer: sort_key(offer.options))
    ]


def _only(options: Mapping[str, Any], *, size: bool) -> dict[str, Any]:
    return {name: value for name, value in options.items() if (name.lower() == "size") == size}


def group_shades(choices: Sequence[Choice], *, own: str) -> list[Shade]:
    """Sizes below their colour, the colour of `own` first; `own` itself is no choice."""
    mine = next((choice.shade for choice in choices if choice.sku == own), "")
    groups: dict[str, list[Choice]] = {mine: []}
    for choice in choices:
        if choice.sku != own:
            groups.setdefault(choice.shade, []).append(choice)
    return [Shade(name, group[0].swatch, group) for name, group in groups.items() if group]


def read_units(typed: str, *, divisible: bool) -> Decimal | None:
    """What somebody typed as a quantity, in whatever digits; None when it is none or not a possible one."""
    try:
        units = Decimal(typed.strip().replace(",", ".")[:12])
    except InvalidOperation:
        return None
    if not units.is_finite() or not 0 <= units <= 1_000 or (units % 1 and not divisible):
        return None
    return units.quantize(Decimal("0.001")).normalize() if units % 1 else units.to_integral_value()
