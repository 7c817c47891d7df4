"""A label's page: text, lines, bars and marks on a sheet of 4 × 6 inches. Points, from the lower left corner."""

import re
import zlib
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from typing import BinaryIO

import pydyf

from oms.lettering.barcodes import QUIET, Barcode
from oms.lettering.boxes import ASCENT, LEADING, Type, fit_block
from oms.lettering.embedding import FontBook
from oms.lettering.shaping import Line, shape_line
from orders.carriers.marks import MARKS, Shape

WIDTH, HEIGHT = 288.0, 432.0
DOT = 72 / 203
"""One dot of a thermal printer of 203 dpi: bars that are not whole dots wide are read badly."""
_WIDEST_BAR = 4  # dots
_GRID = 100
_CAPITALS = 0.72
"""Their height, in sizes of the type."""
_STEPS = re.compile(r"[MLCZ][^MLCZ]*")
_OPERATORS = {"M": "m", "L": "l", "C": "c", "Z": "h"}


@dataclass(frozen=True, slots=True)
class Box:
    """Where something stands: the lower left corner, and its size."""

    x: float
    y: float
    width: float
    height: float

    @property
    def top(self) -> float:
        return self.y + self.height


class Page:
    """What is drawn on one sheet, as operators of PDF (ISO 32000-1, annex A)."""

    def __init__(self, fonts: FontBook) -> None:
        self._steps: list[str] = []
        self._fonts = fonts

    def write(self, paragraphs: Sequence[str], box: Box, type: Type) -> None:
        """Text from the top of the box, as large as it fits; lines of right-to-left scripts end at its right edge."""
        block = fit_block(paragraphs, width=box.width, height=box.height, type=type)
        baseline = box.top - block.size * ASCENT
        for line in block.lines:
            spare = box.width - line.width * block.size if line.leftward else 0
            self._draw(line, box.x + spare, baseline, block.size)
            baseline -= block.size * LEADING

    def write_centred(self, text: str, box: Box, type: Type) -> None:
        """One line in the middle of the box, smaller where it is too wide."""
        line = shape_line(text, bold=type.bold)
        size = min(type.largest, box.width / line.width) if line.width else type.largest
        x = box.x + (box.width - line.width * size) / 2
        self._draw(line, x, box.y + (box.height - size * _CAPITALS) / 2, size)

    def write_right(self, text: str, x: float, y: float, size: float) -> None:
        """One line on its baseline that ends at x."""
        line = shape_line(text)
        self._draw(line, x - line.width * size, y, size)

    def rule(self, x: float, y: float, *, to_x: float, to_y: float, width: float = 0.75) -> None:
        self._steps.append(f"{width} w {x:.2f} {y:.2f} m {to_x:.2f} {to_y:.2f} l S")

    def frame(self, box: Box, *, width: float = 0.75) -> None:
        self._steps.append(f"{width} w {box.x:.2f} {box.y:.2f} {box.width:.2f} {box.height:.2f} re S")

    def bars(self, barcode: Barcode, box: Box) -> None:
        """The bars in the middle of the box, of whole printer's dots, as wide as box and quiet zones let them be."""
        room = int(box.width / DOT)
        dots = max(1, min(_WIDEST_BAR, room // (barcode.width + 2 * QUIET)))
        start = round((box.x + (box.width - barcode.width * dots * DOT) / 2) / DOT)
        self._steps += [
            f"{(start + place * dots) * DOT:.4f} {box.y:.2f} {width * dots * DOT:.4f} {box.height:.2f} re"
            for place, width in barcode.bars
        ]
        self._steps.append("f")

    def mark(self, code: str, x: float, y: float, size: float) -> None:
        """A handling mark, `size` points a side."""
        scale = size / _GRID
        self._steps.append(f"q {scale:.4f} 0 0 {-scale:.4f} {x:.2f} {y + size:.2f} cm {_trace_mark(code)} Q")

    def pack(self) -> pydyf.Stream:
        """The page's content, compressed at once: a thousand pages wait in memory for their fonts."""
        return pydyf.Stream([zlib.compress("\n".join(self._steps).encode("latin-1"))], {"Filter": "/FlateDecode"})

    def _draw(self, line: Line, x: float, y: float, size: float) -> None:
        self._steps.append(self._fonts.draw_line(line, x, y, size))


def write_pages(draw: Iterable[Callable[[Page], None]], file: BinaryIO, *, title: str) -> None:
    """A PDF of 4 × 6 inches, a page for each that draws one."""
    pdf, fonts = pydyf.PDF(), FontBook()
    resources = pydyf.Dictionary({})
    pdf.add_object(resources)
    for draw_page in draw:
        page = Page(fonts)
        draw_page(page)
        content = page.pack()
        pdf.add_object(content)
        pdf.add_page(
            pydyf.Dictionary(
                {
                    "Type": "/Page",
                    "Parent": pdf.pages.reference,
                    "MediaBox": pydyf.Array([0, 0, WIDTH, HEIGHT]),
                    "Contents": content.reference,
                    "Resources": resources.reference,
                }
            )
        )
    resources["Font"] = fonts.write(pdf).data
    pdf.info["Title"] = pydyf.String(title)
    pdf.write(file)


@cache
def _trace_mark(code: str) -> str:
    return " ".join(_trace(shape) for shape in MARKS[code])


def _trace(shape: Shape) -> str:
    colour = int(shape.white)
    path = " ".join(_turn_step(step) for step in _STEPS.findall(shape.path))
    return f"{colour} G {shape.stroke} w {path} S" if shape.stroke else f"{colour} g {path} f"


def _turn_step(step: str) -> str:
    """SVG says what is done before the numbers, PDF after them."""
    return f"{step[1:].strip()} {_OPERATORS[step[0]]}"
