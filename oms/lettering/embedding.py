"""Shaped text in a PDF (ISO 32000-1, 9.7): glyphs by number, each font with only the glyphs that were used.

A reader who copies the text gets what was written, not what was drawn: glyphs name their characters in the font's
ToUnicode map, and lines whose glyphs stand for more than one each carry their text (ActualText). Lines from right to
left do without: readers turn them round by themselves, and would turn what is right already.
"""

import sys
import zlib
from array import array
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from itertools import groupby
from operator import attrgetter
from typing import TYPE_CHECKING

import pydyf

from oms.later import Later
from oms.lettering.fonts import Font
from oms.lettering.shaping import Glyph, Line

if TYPE_CHECKING:
    import uharfbuzz as hb
else:
    hb = Later("uharfbuzz")

_DROPPED_TABLES = [
    int.from_bytes(table.encode(), "big")
    for table in ("GSUB", "GPOS", "GDEF", "cmap", "name", "OS/2", "post", "kern", "DSIG", "gasp")
]
_SYMBOLIC = 4
_MAP_ENTRIES = 100  # a ToUnicode map may have no more in one section


@dataclass(frozen=True, slots=True)
class _Run:
    """Glyphs of one font. Each row is one array of the operator TJ, raised by so many em above the baseline."""

    font: Font
    rows: Sequence[tuple[float, str]]
    used: Mapping[int, str]
    width: float


class FontBook:
    """The fonts of one PDF and the glyphs of each that its pages use."""

    def __init__(self) -> None:
        self._used: dict[Font, dict[int, str]] = {}
        self._names: dict[Font, str] = {}

    def draw_line(self, line: Line, x: float, y: float, size: float) -> str:
        """The operators that draw the line on its baseline, from x to the right. Points."""
        steps = []
        for run in _encode(line):
            self._used.setdefault(run.font, {}).update(run.used)
            name = self._names.setdefault(run.font, f"F{len(self._names) + 1}")
            steps.append(f"/{name} {size:.2f} Tf 1 0 0 1 {x:.2f} {y:.2f} Tm")
            steps += [f"{rise * size:.3f} Ts [{row}] TJ" for rise, row in run.rows]
            x += size * run.width
        if _is_stacked(line):
            said = pydyf.String(line.text).data.decode("latin-1")
            steps = [f"/Span <</ActualText {said}>> BDC", *steps, "EMC"]
        return "\n".join(("BT", *steps, "ET"))

    def write(self, pdf: pydyf.PDF) -> pydyf.Dictionary:
        """The fonts as objects of the PDF, and the dictionary that the pages' resources name them by."""
        named = {name: _write_font(pdf, font, self._used[font]) for font, name in self._names.items()}
        return pydyf.Dictionary(named)


def _is_stacked(line: Line) -> bool:
    return not line.leftward and any(len(glyph.text) != 1 for glyph in line.glyphs)


@lru_cache(maxsize=4_000)
def _encode(line: Line) -> Sequence[_Run]:
    return [_encode_run(font, list(glyphs)) for font, glyphs in groupby(line.glyphs, key=attrgetter("font"))]


def _encode_run(font: Font, glyphs: Sequence[Glyph]) -> _Run:
    """Numbers between glyphs move the next one back, in thousandths of an em."""
    rows = []
    used: dict[int, str] = {}
    for rise, raised in groupby(glyphs, key=attrgetter("y")):
        row = ""
        for glyph in raised:
            if len(glyph.text) == 1 or glyph.id not in used:
                used[glyph.id] = glyph.text
            back = round(1000 * (glyph.x + glyph.breadth - glyph.advance))
            row += (f"{-round(1000 * glyph.x)}" if glyph.x else "") + f"<{glyph.id:04x}>" + (f"{back}" if back else "")
        rows.append((rise, row.replace("><", "")))
    return _Run(font, rows, used, sum(glyph.advance for glyph in glyphs))


def _write_font(pdf: pydyf.PDF, font: Font, used: dict[int, str]) -> bytes:
    name = f"/OMSAAA+{font.name}"
    subset, places = _subset(font, used)
    program, numbers, to_unicode = _pack(subset), _pack(places), _pack(_map_to_unicode(used).encode())
    for stream in (program, numbers, to_unicode):
        pdf.add_object(stream)
    descriptor = _describe(font, name, program)
    pdf.add_object(descriptor)

    widths = " ".join(_measure(font, glyph) for glyph in sorted(used))
    descendant = pydyf.Dictionary(
        {
            "Type": "/Font",
            "Subtype": "/CIDFontType2",
            "BaseFont": name,
            "CIDSystemInfo": "<</Registry (Adobe) /Ordering (Identity) /Supplement 0>>",
            "CIDToGIDMap": numbers.reference,
            "DW": 0,
            "W": f"[{widths}]",
            "FontDescriptor": descriptor.reference,
        }
    )
    pdf.add_object(descendant)
    whole = pydyf.Dictionary(
        {
            "Type": "/Font",
            "Subtype": "/Type0",
            "BaseFont": name,
            "Encoding": "/Identity-H",
            "DescendantFonts": pydyf.Array([descendant.reference]),
            "ToUnicode": to_unicode.reference,
        }
    )
    pdf.add_object(whole)
    reference: bytes = whole.reference
    return reference


@lru_cache(maxsize=20_000)
def _measure(font: Font, glyph: int) -> str:
    """One glyph and its width, as the array W wants them."""
    return f"{glyph} [{round(1000 * font.breadth(glyph), 1):g}]"


def _pack(content: bytes) -> pydyf.Stream:
    """As fast as can be: outlines are dense already, and the last hundredth costs as much as all the rest."""
    return pydyf.Stream([zlib.compress(content, 1)], {"Filter": "/FlateDecode"})


def _describe(font: Font, name: str, program: pydyf.Stream) -> pydyf.Dictionary:
    extents = font.shaper.get_font_extents("ltr")
    thousandth = 1000 / font.upem
    ascent, descent = round(extents.ascender * thousandth), round(extents.descender * thousandth)
    return pydyf.Dictionary(
        {
            "Type": "/FontDescriptor",
            "FontName": name,
            "Flags": _SYMBOLIC,
            "FontBBox": pydyf.Array([-1000, descent, 3000, ascent]),
            "ItalicAngle": 0,
            "Ascent": ascent,
            "Descent": descent,
            "CapHeight": ascent,
            "StemV": 80,
            "FontFile2": program.reference,
        }
    )


def _subset(font: Font, used: Mapping[int, str]) -> tuple[bytes, bytes]:
    """The font with only these glyphs, and the map from their numbers in the text to those in it (CIDToGIDMap)."""
    wanted = hb.SubsetInput()
    wanted.glyph_set.update(used)
    wanted.drop_table_tag_set.update(_DROPPED_TABLES)
    wanted.flags = hb.SubsetFlags.NO_HINTING | hb.SubsetFlags.NO_LAYOUT_CLOSURE
    plan = hb.SubsetPlan(_prepare(font), wanted)
    numbers = plan.old_to_new_glyph_mapping
    places = array("H", bytes(2 * (max(used) + 1)))
    for glyph in used:
        places[glyph] = numbers[glyph]
    if sys.byteorder == "little":
        places.byteswap()
    return bytes(plan.execute().blob.data), places.tobytes()


@cache
def _prepare(font: Font) -> "hb.Face":
    """Twenty times as fast to subset, from the second time on."""
    return hb.subset_preprocess(font.face)


@lru_cache(maxsize=20_000)
def _name_glyph(glyph: int, text: str) -> str:
    return f"<{glyph:04x}> <{text.encode('utf-16-be').hex()}>"


def _map_to_unicode(used: dict[int, str]) -> str:
    entries = [_name_glyph(glyph, text) for glyph, text in sorted(used.items()) if text]
    sections = [
        "\n".join((f"{len(part)} beginbfchar", *part, "endbfchar"))
        for start in range(0, len(entries), _MAP_ENTRIES)
        if (part := entries[start : start + _MAP_ENTRIES])
    ]
    return "\n".join(
        (
            "/CIDInit /ProcSet findresource begin 12 dict begin begincmap",
            "/CIDSystemInfo <</Registry (Adobe) /Ordering (UCS) /Supplement 0>> def",
            "/CMapName /Adobe-Identity-UCS def /CMapType 2 def",
            "1 begincodespacerange <0000> <ffff> endcodespacerange",
            *sections,
            "endcmap CMapName currentdict /CMap defineresource pop end end",
        )
    )
