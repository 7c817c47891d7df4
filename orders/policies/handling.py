"""Which marks a parcel bears, by the handling classes of what is in it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class HandlingMark:
    """`caption` stands under the mark, in the language of transport."""

    code: str
    caption: str


HANDLING_MARKS: Mapping[str, HandlingMark] = {
    mark.code: mark
    for mark in (
        HandlingMark("fragile", "FRAGILE"),
        HandlingMark("liquid", "LIQUID"),
        HandlingMark("battery", "UN 3481"),
        HandlingMark("this_side_up", "THIS SIDE UP"),
        HandlingMark("keep_dry", "KEEP DRY"),
    )
}
_BRINGS = {"liquid": ("this_side_up",)}
"""A parcel with bottles lies on no side."""


def find_marks(handling: Iterable[str]) -> list[HandlingMark]:
    """The marks of these classes and of those they bring along, each once, in the order of the table."""
    wanted = {other for code in handling for other in (code, *_BRINGS.get(code, ()))}
    return [mark for code, mark in HANDLING_MARKS.items() if code in wanted]
