"""Handling marks as outlines on a square of 100, y downwards: the same for labels and for documents.

Glass, arrows and umbrella as ISO 780 has them (ISO 7000-0621, -0623, -0626); the battery mark as in ADR 5.2.1.9 and
IATA 7.1.5.5, whose hatched edge must be 100 × 70 mm on the parcel: on a label it is a reminder of that.
"""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Shape:
    """One outline in SVG's letters M, L, C and Z, absolute. `stroke` is its width; 0: it is filled."""

    path: str
    stroke: float = 0
    white: bool = False


_HATCHES = (
    *(f"M{x} 0 L{x + 6} 0 L{x + 1} 8 L{x - 5 if x else 0} 8 Z" for x in range(0, 95, 11)),
    *(f"M{x} 92 L{x + 6} 92 L{x + 1} 100 L{x - 5 if x else 0} 100 Z" for x in range(0, 95, 11)),
    *(f"M0 {y} L8 {y - 5} L8 {y + 1} L0 {y + 6} Z" for y in range(14, 90, 11)),
    *(f"M92 {y} L100 {y - 5} L100 {y + 1} L92 {y + 6} Z" for y in range(14, 90, 11)),
)

MARKS: Mapping[str, tuple[Shape, ...]] = {
    "fragile": (
        Shape(
            "M27 6 L73 6 L69 40 C67 54 60 61 54 63 L54 82 C54 86 70 86 70 94 L30 94 C30 86 46 86 46 82 L46 63"
            " C40 61 33 54 31 40 Z"
        ),
        Shape("M55 5 L48 18 L57 26 L50 38", stroke=3.5, white=True),
    ),
    "this_side_up": (
        Shape("M28 6 L46 34 L34 34 L34 78 L22 78 L22 34 L10 34 Z"),
        Shape("M72 6 L90 34 L78 34 L78 78 L66 78 L66 34 L54 34 Z"),
        Shape("M8 86 L92 86 L92 94 L8 94 Z"),
    ),
    "keep_dry": (
        Shape(
            "M8 54 C10 30 32 20 50 20 C68 20 90 30 92 54 C86 47 76 47 71 54 C66 47 55 47 50 54 C45 47 34 47 29 54"
            " C24 47 14 47 8 54 Z"
        ),
        Shape("M50 14 L50 84 C50 96 32 96 32 84", stroke=5),
        Shape("M20 4 L14 16", stroke=4),
        Shape("M38 2 L33 13", stroke=4),
        Shape("M66 2 L61 13", stroke=4),
        Shape("M86 4 L80 16", stroke=4),
    ),
    "liquid": (
        Shape(
            "M41 4 L59 4 L59 12 L57 12 L57 24 C57 34 73 36 73 52 L73 90 C73 94 71 96 67 96 L33 96 C29 96 27 94 27 90"
            " L27 52 C27 36 43 34 43 24 L43 12 L41 12 Z"
        ),
        Shape("M34 62 C40 54 45 54 50 62 C55 70 60 70 66 62", stroke=4, white=True),
        Shape("M34 76 C40 68 45 68 50 76 C55 84 60 84 66 76", stroke=4, white=True),
    ),
    "battery": (
        *map(Shape, _HATCHES),
        Shape("M20 35 L44 35 L44 73 L20 73 Z"),
        Shape("M27 29 L37 29 L37 35 L27 35 Z"),
        Shape("M52 45 L84 45 L84 73 L52 73 Z"),
        Shape("M57 39 L64 39 L64 45 L57 45 Z"),
        Shape("M73 39 L80 39 L80 45 L73 45 Z"),
        Shape("M60 37 C56 29 64 25 60 15 C68 19 66 27 70 27 C72 25 71 22 70 20 C78 27 76 35 72 37 Z"),
        Shape("M28 43 L36 51 L30 55 L37 65", stroke=3, white=True),
    ),
}
