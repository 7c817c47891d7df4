"""Text that must fit: smaller while it does not, broken where it may be, cut at the very end."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from oms.lettering.shaping import Line, clean_text, shape_line

_PIECES = re.compile(r"[\u2e80-\u9fff\uac00-\ud7af\uf900-\ufaff\uff00-\uffef]|[^\s\u2e80-\u9fff\uac00-\ud7af]+\s*|\s+")
"""A line may end after a space, and after any Chinese, Japanese or Korean character."""
LEADING = 1.22
"""From one baseline to the next, in sizes of the type: Arabic and Thai need it."""
ASCENT, DESCENT = 0.95, 0.27
_SHRINK = 0.92
_ELLIPSIS = "…"


@dataclass(frozen=True, slots=True)
class Block:
    """Lines of one size, in points."""

    size: float
    lines: tuple[Line, ...]
    cut: bool

    @property
    def height(self) -> float:
        return _height(len(self.lines), self.size)


@dataclass(frozen=True, slots=True)
class Type:
    """How large at best, how small at worst, in points."""

    largest: float
    smallest: float
    bold: bool = False


def fit_block(paragraphs: Sequence[str], *, width: float, height: float, type: Type) -> Block:
    """As large as it fits, in points. What is too much at the smallest size is cut, and an ellipsis says so."""
    wanted = [text for paragraph in paragraphs if (text := clean_text(paragraph))]
    size = type.largest
    while True:
        lines = [line for text in wanted for line in _break(text, width / size, bold=type.bold)]
        if _height(len(lines), size) <= height:
            return Block(size, tuple(lines), cut=False)
        if size <= type.smallest:
            return _cut(lines, size, width=width, height=height, bold=type.bold)
        size = max(type.smallest, size * _SHRINK)


def _height(lines: int, size: float) -> float:
    return size * (ASCENT + DESCENT + LEADING * (lines - 1)) if lines else 0.0


def _cut(lines: Sequence[Line], size: float, *, width: float, height: float, bold: bool) -> Block:
    fitting = max(1, int((height / size - ASCENT - DESCENT) / LEADING) + 1)
    last = lines[fitting - 1].text
    while last and shape_line(last + _ELLIPSIS, bold=bold).width > width / size:
        last = last[:-1]
    return Block(size, (*lines[: fitting - 1], shape_line(last + _ELLIPSIS, bold=bold)), cut=True)


def _break(text: str, width: float, *, bold: bool) -> Iterator[Line]:
    """The text in lines of at most so many em."""
    whole = shape_line(text, bold=bold)
    if whole.width <= width:
        yield whole
        return

    row, filled = "", 0.0
    for piece in _pieces(text, width, bold=bold):
        breadth = shape_line(piece.rstrip(), bold=bold).width
        if row and filled + breadth > width:
            yield shape_line(row, bold=bold)
            row, filled = "", 0.0
        row += piece
        filled = shape_line(row + ".", bold=bold).width - shape_line(".", bold=bold).width
    if row.strip():
        yield shape_line(row, bold=bold)


def _pieces(text: str, width: float, *, bold: bool) -> Iterator[str]:
    """Words; one that is longer than a line is broken anywhere."""
    for word in _PIECES.findall(text):
        rest = word
        while shape_line(rest.rstrip(), bold=bold).width > width and len(rest) > 1:
            fitting = _fitting(rest, width, bold=bold)
            yield rest[:fitting]
            rest = rest[fitting:]
        yield rest


def _fitting(word: str, width: float, *, bold: bool) -> int:
    """How many of its first characters fit, at least one."""
    low, high = 1, len(word)
    while low < high:
        middle = (low + high + 1) // 2
        low, high = (middle, high) if shape_line(word[:middle], bold=bold).width <= width else (low, middle - 1)
    return low
