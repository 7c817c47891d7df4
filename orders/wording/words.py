"""Words of the trade that merchants write in their catalogue, in the reader's language where we know it.

What is not in these lists is shown as it was written.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from inventory.policies.swatches import find_swatch

OPTIONS: Mapping[str, Promise] = {
    "size": _("Size"),
    "colour": _("Colour"),
    "color": _("Colour"),
    "scent": _("Scent"),
    "motif": _("Motif"),
    "material": _("Material"),
    "style": _("Style"),
    "length": _("Length"),
    "width": _("Width"),
    "volume": _("Volume"),
}
SIZES: Mapping[str, Promise] = {
    "xxs": _("XXS, extra extra small"),
    "xs": _("XS, extra small"),
    "s": _("S, small"),
    "m": _("M, medium"),
    "l": _("L, large"),
    "xl": _("XL, extra large"),
    "xxl": _("XXL, extra extra large"),
    "one size": _("One size"),
}
COLOURS: Mapping[str, Promise] = {
    "black": _("black"),
    "white": _("white"),
    "ivory": _("ivory"),
    "cream": _("cream"),
    "oat": _("oat"),
    "sand": _("sand"),
    "beige": _("beige"),
    "grey": _("grey"),
    "gray": _("grey"),
    "charcoal": _("charcoal"),
    "silver": _("silver"),
    "gold": _("gold"),
    "brown": _("brown"),
    "clay": _("clay"),
    "rust": _("rust"),
    "terracotta": _("terracotta"),
    "orange": _("orange"),
    "yellow": _("yellow"),
    "mustard": _("mustard"),
    "red": _("red"),
    "burgundy": _("burgundy"),
    "pink": _("pink"),
    "rose": _("rose"),
    "purple": _("purple"),
    "navy": _("navy"),
    "blue": _("blue"),
    "denim": _("denim"),
    "sky": _("sky"),
    "ink": _("ink"),
    "teal": _("teal"),
    "mint": _("mint"),
    "sage": _("sage"),
    "green": _("green"),
    "olive": _("olive"),
    "forest": _("forest"),
    "clear": _("clear"),
    "smoke": _("smoke"),
    "ivy": _("ivy"),
}
_LADDER = ("xxxs", "xxs", "xs", "s", "m", "l", "xl", "xxl", "2xl", "xxxl", "3xl", "4xl", "5xl")


@dataclass(frozen=True, slots=True)
class Option:
    """One option of a variant: "Colour", "navy", and its swatch, "" without one."""

    name: str
    value: str
    swatch: str = ""


def describe_options(options: Mapping[str, Any]) -> list[Option]:
    swatch = find_swatch(options)
    return [
        Option(
            str(OPTIONS.get(name.lower(), name)),
            name_value(str(value)),
            swatch if str(value).lower() in COLOURS or str(value) == _coloured(options) else "",
        )
        for name, value in options.items()
    ]


def say_options(options: Mapping[str, Any]) -> str:
    """Size M, colour navy: on one line."""
    return " · ".join(option.value for option in describe_options(options))


def name_value(value: str) -> str:
    known = SIZES.get(value.strip().lower()) or COLOURS.get(value.strip().lower())
    return str(known) if known else value


def sort_key(options: Mapping[str, Any]) -> tuple[tuple[int, float, str], ...]:
    """To sort variants by: sizes as they grow, numbers as numbers, the rest by the alphabet; sizes come last."""
    size_last = sorted(options.items(), key=lambda option: option[0].lower() == "size")
    return tuple(_step(str(value)) for _, value in size_last)


def _step(value: str) -> tuple[int, float, str]:
    low = value.strip().lower()
    if low in _LADDER:
        return (0, _LADDER.index(low), low)
    number = low.replace(",", ".").split("/")[0].strip()
    try:
        return (1, float(number), low)
    except ValueError:
        return (2, 0, low)


def _coloured(options: Mapping[str, Any]) -> str:
    return next((str(v) for n, v in options.items() if n.lower() in ("colour", "color", "farbe", "couleur")), "")


def name_method(method: str) -> str:
    known = {
        "standard": gettext("Standard shipping"),
        "express": gettext("Express shipping"),
        "pickup": gettext("Pick-up"),
    }
    return known.get(method.lower(), method)
