"""Text as the glyphs that stand on paper, from left to right: joined, stacked and turned as its script wants it."""

import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

from oms.later import Later
from oms.lettering.directions import order_runs
from oms.lettering.fonts import BOLD, LATIN, REPLACEMENT, Font, find_font, load_font

if TYPE_CHECKING:
    import uharfbuzz as hb
else:
    hb = Later("uharfbuzz")

_JOINERS = "\u200c\u200d"  # invisible, but they say how letters join
_SPACES = dict.fromkeys("\t\n\r\v\f\x85\u2028\u2029", " ")
_BEYOND_LATIN = "\u0250"
_FEATURES = {"kern": True, "liga": True}


class Glyph(NamedTuple):
    """One glyph. `text` is what it stands for, "" where another glyph says it already. Measures are in em.

    `breadth` is the glyph's own, `advance` how far the next one stands from it in this line.
    """

    font: Font
    id: int
    text: str
    breadth: float
    advance: float
    x: float
    y: float


@dataclass(frozen=True, slots=True, eq=False)
class Line:
    """One line of glyphs in the order of paper; its width is in em."""

    text: str
    glyphs: tuple[Glyph, ...]
    width: float
    leftward: bool


@lru_cache(maxsize=4_000)
def shape_line(text: str, *, bold: bool = False) -> Line:
    """Any text in one line: tabs and line ends become spaces, what no font can draw becomes a replacement character.

    A line is bold when all of it can be.
    """
    cleaned = clean_text(text)
    if cleaned and _is_plain(cleaned):
        latin = tuple(_shape_run(load_font(BOLD if bold else LATIN), cleaned, leftward=False))
        return Line(cleaned, latin, sum(glyph.advance for glyph in latin), leftward=False)

    bold = bold and all(_can_be_bold(character) for character in cleaned)
    glyphs = tuple(
        glyph
        for start, end, level in order_runs(cleaned)
        for font, part in _turned(list(_split_by_font(cleaned[start:end], bold=bold)), leftward=level % 2 == 1)
        for glyph in _shape_run(font, part, leftward=level % 2 == 1)
    )
    first_strong = next((kind for kind in map(unicodedata.bidirectional, cleaned) if kind in ("L", "R", "AL")), "L")
    return Line(cleaned, glyphs, sum(glyph.advance for glyph in glyphs), first_strong != "L")


def clean_text(text: str) -> str:
    """Without control characters, invisible marks of direction and the parts of emoji that only tint."""
    if _is_plain(text):
        return text.strip()
    return "".join(filter(None, map(_clean_character, unicodedata.normalize("NFC", text)))).strip()


def _is_plain(text: str) -> bool:
    """Latin letters, digits and signs only: normal as they are, from left to right, and in both Latin fonts.

    Most of what stands on a label is, and need not be looked at letter by letter.
    """
    return text.isprintable() and max(text, default="") < _BEYOND_LATIN


def _can_be_bold(character: str) -> bool:
    font = find_font(character, bold=True)
    return font is None or font.name == BOLD


@lru_cache(maxsize=20_000)
def _clean_character(character: str) -> str:
    if character in _JOINERS:
        return character
    if character in _SPACES:
        return " "
    if unicodedata.category(character) in ("Cc", "Cf", "Cs", "Cn", "Co") or 0xFE00 <= ord(character) <= 0xFE0F:
        return ""
    return character if find_font(character) else REPLACEMENT


def _split_by_font(text: str, *, bold: bool) -> Iterator[tuple[Font, str]]:
    """Stretches of one font. Spaces and marks stay with the letters before them, so that they can join."""
    start, font = 0, None
    for place, character in enumerate(text):
        stays = font is not None and (
            character in _JOINERS
            or (ord(character) in font.covers and (character == " " or unicodedata.category(character)[0] == "M"))
        )
        wanted = font if stays else find_font(character, bold=bold)
        if wanted is not font and wanted is not None:
            if font is not None:
                yield font, text[start:place]
            start, font = place, wanted
    if font is not None:
        yield font, text[start:]


def _turned(parts: list[tuple[Font, str]], *, leftward: bool) -> list[tuple[Font, str]]:
    return parts[::-1] if leftward else parts


def _shape_run(font: Font, text: str, *, leftward: bool) -> Iterator[Glyph]:
    buffer = hb.Buffer()
    buffer.add_str(text)
    buffer.guess_segment_properties()
    buffer.direction = "rtl" if leftward else "ltr"
    hb.shape(font.shaper, buffer, _FEATURES)

    clusters = [*sorted({shaped.cluster for shaped in buffer.glyph_infos}), len(text)]
    following = dict(pairwise(clusters))
    said: set[int] = set()
    for shaped, place in zip(buffer.glyph_infos, buffer.glyph_positions, strict=True):
        start = shaped.cluster
        stands_for = "" if start in said else text[start : following[start]]
        said.add(start)
        yield Glyph(
            font,
            shaped.codepoint,
            stands_for,
            font.breadth(shaped.codepoint),
            place.x_advance / font.upem,
            place.x_offset / font.upem,
            place.y_offset / font.upem,
        )
