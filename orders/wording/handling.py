"""How a parcel is packed, in the reader's language, by the handling classes of what is in it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from orders.policies.handling import find_marks

NAMES: Mapping[str, Promise] = {
    "fragile": _("Fragile"),
    "liquid": _("Liquid"),
    "battery": _("With battery"),
    "this_side_up": _("This side up"),
    "keep_dry": _("Keep dry"),
}
PACKING: Mapping[str, Promise] = {
    "fragile": _("Each piece is wrapped on its own in two layers of cushioning, with 5 cm of filling on every side."),
    "liquid": _("Closures are taped; each bottle stands upright in a sealed bag with an absorbent sheet."),
    "battery": _("Switched off and secured against switching on, cushioned so that it cannot move; never damaged."),
    "this_side_up": _("It travels upright, with the mark on two opposite sides."),
    "keep_dry": _("It lies in a sealed plastic bag inside the box."),
}


@dataclass(frozen=True, slots=True)
class PackingRule:
    """One class: its name, and one sentence that says how to wrap."""

    code: str
    name: str
    packing: str


def describe_handling(handling: Iterable[str]) -> list[PackingRule]:
    """The rules of these classes and of those they bring along, each once."""
    return [PackingRule(mark.code, str(NAMES[mark.code]), str(PACKING[mark.code])) for mark in find_marks(handling)]
