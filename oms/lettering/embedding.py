"""Shaped text in a PDF (ISO 32000-1, 9.7): glyphs by number, each font with only the glyphs that were used.

A reader who copies the text gets what was written, not what was drawn: glyphs name their characters in the font's
ToUnicode map, and lines whose glyphs stand for more than one each carry their text (ActualText). Lines from right to
left do without: readers turn them round by themselves, and would turn what is right already.
"""

from itertools import groupby

import pydyf
import uharfbuzz as hb

from oms.lettering.fonts import Font
from oms.lettering.shaping import Glyph, Line

_DROPPED_TABLES = ("GSUB", "GPOS", "GDEF", "cmap", "name", "OS/2", "post", "kern", "DSIG", "gasp")
_SYMBOLIC = 4
_MAP_ENTRIES = 100  # a ToUnicode map may have no more in one section


class FontBook:
    """The fonts of one PDF and the glyphs of each that its pages use."""

    def __init__(self) -> None:
        self._used: dict[Font, dict[int, str]] = {}
        self._names: dict[Font, str] = {}

    def draw_line(self, stream: pydyf.Stream, line: Line, x: float, y: float, size: float) -> None:
        """The line on its baseline, from x to the right. Points."""
        stacked = not line.leftward and any(len(glyph.text) != 1 for glyph in line.glyphs)
        stream.begin_text()
        if stacked:
            said = pydyf.Dictionary({"ActualText": pydyf.String(line.text)})
            stream.begin_marked_content("Span", said.data)
        for font, glyphs in groupby(line.glyphs, key=lambda glyph: glyph.font):
            stream.set_font_size(self._name(font), round(size, 2))
            stream.set_text_matrix(1, 0, 0, 1, round(x, 2), round(y, 2))
            x += size * self._show(stream, font, list(glyphs), size)
        if stacked:
            stream.end_marked_content()
        stream.end_text()

    def _name(self, font: Font) -> str:
        self._used.setdefault(font, {})
        return self._names.setdefault(font, f"F{len(self._names) + 1}")

    def _show(self, stream: pydyf.Stream, font: Font, glyphs: list[Glyph], size: float) -> float:
        """Their width in em. Numbers between glyphs move the next one back, in thousandths of an em."""
        used, rise, row, natural_row = self._used[font], 0.0, "", 0.0
        for glyph in glyphs:
            if len(glyph.text) == 1 or glyph.id not in used:
                used[glyph.id] = glyph.text
            if glyph.y != rise:
                row = _flush(stream, row)
                rise = glyph.y
                stream.set_text_rise(round(rise * size, 3))
            natural = _advance(font, glyph.id)
            back = round(1000 * (glyph.x + natural - glyph.advance))
            row += (f"{-round(1000 * glyph.x)}" if glyph.x else "") + f"<{glyph.id:04x}>" + (f"{back}" if back else "")
            natural_row += glyph.advance
        _flush(stream, row)
        if rise:
            stream.set_text_rise(0)
        return natural_row

    def write(self, pdf: pydyf.PDF) -> pydyf.Dictionary:
        """The fonts as objects of the PDF, and the dictionary that the pages' resources name them by."""
        named = {name: _write_font(pdf, font, self._used[font]) for font, name in self._names.items()}
        return pydyf.Dictionary(named)


def _flush(stream: pydyf.Stream, row: str) -> str:
    if row:
        stream.show_text(row.replace("><", ""))
    return ""


def _advance(font: Font, glyph: int) -> float:
    return float(font.shaper.get_glyph_h_advance(glyph)) / font.upem


def _write_font(pdf: pydyf.PDF, font: Font, used: dict[int, str]) -> bytes:
    name = f"/OMSAAA+{font.name}"
    program = pydyf.Stream([_subset(font, used)], compress=True)
    to_unicode = pydyf.Stream([_map_to_unicode(used)], compress=True)
    for stream in (program, to_unicode):
        pdf.add_object(stream)
    descriptor = _describe(font, name, program)
    pdf.add_object(descriptor)

    widths = [part for glyph in sorted(used) for part in (glyph, f"[{round(1000 * _advance(font, glyph), 1):g}]")]
    descendant = pydyf.Dictionary(
        {
            "Type": "/Font",
            "Subtype": "/CIDFontType2",
            "BaseFont": name,
            "CIDSystemInfo": "<</Registry (Adobe) /Ordering (Identity) /Supplement 0>>",
            "CIDToGIDMap": "/Identity",
            "DW": 0,
            "W": pydyf.Array(widths),
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


def _subset(font: Font, used: dict[int, str]) -> bytes:
    """The font with only these glyphs, under their old numbers."""
    wanted = hb.SubsetInput()
    wanted.glyph_set.update(used)
    wanted.drop_table_tag_set.update(int.from_bytes(table.encode(), "big") for table in _DROPPED_TABLES)
    wanted.flags = hb.SubsetFlags.RETAIN_GIDS | hb.SubsetFlags.NO_HINTING | hb.SubsetFlags.NO_LAYOUT_CLOSURE
    return bytes(hb.subset(font.face, wanted).blob.data)


def _map_to_unicode(used: dict[int, str]) -> str:
    entries = [f"<{glyph:04x}> <{text.encode('utf-16-be').hex()}>" for glyph, text in sorted(used.items()) if text]
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
