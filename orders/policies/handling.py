"""How a parcel is packed and marked, by the handling classes of what is in it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Rule:
    """One class: what it says under its mark, and how to wrap."""

    code: str
    caption: str
    packing: str


RULES: Mapping[str, Rule] = {
    rule.code: rule
    for rule in (
        Rule(
            "fragile",
            "FRAGILE",
            "Wrap each piece on its own in two layers of cushioning, and leave 5 cm of filling on every side.",
        ),
        Rule(
            "liquid",
            "LIQUID",
            "Tape the closure, put each bottle upright into a sealed bag with an absorbent sheet, caps upwards.",
        ),
        Rule(
            "battery",
            "UN 3481",
            "Switch it off and secure the switch, cushion it so that it cannot move; no damaged or swollen battery"
            " may be sent.",
        ),
        Rule("this_side_up", "THIS SIDE UP", "Keep it upright and put the mark on two opposite sides."),
        Rule("keep_dry", "KEEP DRY", "Put it into a sealed plastic bag before it goes into the box."),
    )
}
_BRINGS = {"liquid": ("this_side_up",)}
"""Bottles lie in no parcel on their side."""


def find_rules(handling: Iterable[str]) -> list[Rule]:
    """The rules of these classes and of those they bring along, each once, in the order of the table."""
    wanted = {other for code in handling for other in (code, *_BRINGS.get(code, ()))}
    return [rule for code, rule in RULES.items() if code in wanted]
