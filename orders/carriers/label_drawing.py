"""A label's page: text, lines, bars and marks on a sheet of 4 × 6 inches. Points, from the lower left corner."""

import zlib
from collections.abc import Sequence
from dataclasses import dataclass

import pydyf

from oms.lettering.barcodes import QUIET, Barcode
from oms.lettering.boxes import ASCENT, LEADING, Type, fit_block
from oms.lettering.embedding import FontBook
from oms.lettering.shaping import shape_line
from orders.carriers.marks import MARKS, Shape

WIDTH, HEIGHT = 288.0, 432.0
DOT = 72 / 203
"""One dot of a thermal printer of 203 dpi: bars that are not whole dots wide are read badly."""
_WIDEST_BAR = 4  # dots
_GRID = 100


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
    """What is drawn on one sheet."""

    def __init__(self, fonts: FontBook) -> None:
        self._stream = pydyf.Stream()
        self._fonts = fonts

    def write(self, paragraphs: Sequence[str], box: Box, type: Type) -> float:
        """Text from the top of the box, as large as it fits; lines of right-to-left scripts end at its right edge.

        Returns:
            Where the text ends below.
        """
        block = fit_block(paragraphs, width=box.width, height=box.height, type=type)
        baseline = box.top - block.size * ASCENT
        for line in block.lines:
            spare = box.width - line.width * block.size if line.leftward else 0
            self._fonts.draw_line(self._stream, line, box.x + spare, baseline, block.size)
            baseline -= block.size * LEADING
        return box.top - block.height

    def write_centred(self, text: str, box: Box, type: Type) -> None:
        """One line in the middle of the box, smaller where it is too wide."""
        line = shape_line(text, bold=type.bold)
        size = min(type.largest, box.width / line.width) if line.width else type.largest
        x = box.x + (box.width - line.width * size) / 2
        self._fonts.draw_line(self._stream, line, x, box.y + (box.height - size * 0.72) / 2, size)

    def write_right(self, text: str, x: float, y: float, size: float) -> None:
        """One line on its baseline that ends at x."""
        line = shape_line(text)
        self._fonts.draw_line(self._stream, line, x - line.width * size, y, size)

    def rule(self, x: float, y: float, *, to_x: float, to_y: float, width: float = 0.75) -> None:
        self._stream.set_line_width(width)
        self._stream.move_to(x, y)
        self._stream.line_to(to_x, to_y)
        self._stream.stroke()

    def frame(self, box: Box, *, width: float = 0.75) -> None:
        self._stream.set_line_width(width)
        self._stream.rectangle(box.x, box.y, box.width, box.height)
        self._stream.stroke()

    def bars(self, barcode: Barcode, box: Box) -> None:
        """The bars in the middle of the box, of whole printer's dots, as wide as box and quiet zones let them be."""
        room = int(box.width / DOT)
        dots = max(1, min(_WIDEST_BAR, room // (barcode.width + 2 * QUIET)))
        start = round((box.x + (box.width - barcode.width * dots * DOT) / 2) / DOT)
        for place, width in barcode.bars:
            x = (start + place * dots) * DOT
            self._stream.rectangle(round(x, 4), box.y, round(width * dots * DOT, 4), box.height)
        self._stream.fill()

    def mark(self, code: str, x: float, y: float, size: float) -> None:
        """A handling mark, `size` points a side."""
        scale = size / _GRID
        self._stream.push_state()
        self._stream.set_matrix(scale, 0, 0, -scale, x, y + size)
        for shape in MARKS[code]:
            self._trace(shape)
        self._stream.pop_state()

    def _trace(self, shape: Shape) -> None:
        self._stream.set_color_rgb(*[int(shape.white)] * 3, stroke=bool(shape.stroke))
        for letter, *numbers in _read_path(shape.path):
            step = {"M": self._stream.move_to, "L": self._stream.line_to, "C": self._stream.curve_to}.get(letter)
            step(*numbers) if step else self._stream.close()
        if shape.stroke:
            self._stream.set_line_width(shape.stroke)
            self._stream.stroke()
        else:
            self._stream.fill()
        self._stream.set_color_rgb(0, 0, 0, stroke=bool(shape.stroke))

    def pack(self) -> pydyf.Stream:
        """The page's content, compressed at once: a thousand pages wait in memory for their fonts."""
        content = b"\n".join(part if isinstance(part, bytes) else str(part).encode() for part in self._stream.stream)
        return pydyf.Stream([zlib.compress(content)], {"Filter": "/FlateDecode"})


def _read_path(path: str) -> list[tuple[str, *tuple[float, ...]]]:
    steps: list[list[str | float]] = []
    for word in path.replace("M", " M ").replace("L", " L ").replace("C", " C ").replace("Z", " Z ").split():
        if word.isalpha():
            steps.append([word])
        else:
            steps[-1].append(float(word))
    return [tuple(step) for step in steps]  # type: ignore[misc]
