"""Handling marks as large as the rules want them, one on each sheet of 4 × 6 inches, to be stuck on the parcel.

The battery mark is a square of 100 mm with an edge of at least 5 mm and the UN number in it (ADR 5.2.1.9.2, IATA
7.1.5.5); ISO 780 asks for marks of 100 mm or more on transport packages, and as large as it fits on smaller ones.
"""

import io
from collections.abc import Iterable
from functools import partial

from oms.lettering.boxes import Type
from orders.carriers.label_drawing import WIDTH, Box, Page, write_pages
from orders.policies.handling import HandlingMark, find_marks

SIDE = 100 / 25.4 * 72
"""100 mm in points."""
_LEFT, _BELOW = (WIDTH - SIDE) / 2, 120.0
_INSIDE = frozenset(("battery",))
"""Marks whose words stand inside of their edge."""


def draw_mark_sheets(parcels: Iterable[tuple[str, Iterable[str]]]) -> bytes:
    """For each parcel's number and handling classes a sheet a mark, with the number small at the foot."""
    sheets = (
        partial(_draw_sheet, number, mark) for number, handling in parcels for mark in find_marks(handling)
    )  # fmt: skip
    file = io.BytesIO()
    write_pages(sheets, file, title="Handling marks")
    return file.getvalue()


def _draw_sheet(number: str, mark: HandlingMark, page: Page) -> None:
    page.mark(mark.code, _LEFT, _BELOW, SIDE)
    inside = Box(_LEFT + 40, _BELOW + 0.09 * SIDE, SIDE - 80, 0.16 * SIDE)
    under = Box(_LEFT + 10, _BELOW - 60, SIDE - 20, 44)
    page.write_centred(mark.caption, inside if mark.code in _INSIDE else under, Type(34, 10, bold=True))
    page.write_centred(number, Box(_LEFT + 10, 20, SIDE - 20, 14), Type(10, 6))
