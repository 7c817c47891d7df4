"""Which of the fonts that came with this software draws a character."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cache, lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from oms.later import Later

if TYPE_CHECKING:
    import uharfbuzz as hb
else:
    hb = Later("uharfbuzz")

FOLDER = Path(__file__).parent / "typefaces"
LATIN, BOLD = "NotoSans-Regular", "NotoSans-Bold"
"""Latin, Greek and Cyrillic; only these are there in bold."""
OTHERS = (
    "DroidSansFallback",
    "NanumGothicCoding",
    *(
        f"NotoSans{script}-Regular"
        for script in (
            "Arabic Hebrew Thai Devanagari Bengali Tamil Telugu Gujarati Gurmukhi Kannada Malayalam Sinhala Georgian"
            " Armenian Khmer Lao Myanmar Ethiopic"
        ).split()
    ),
)
REPLACEMENT = "\ufffd"


@dataclass(frozen=True, slots=True, eq=False)
class Font:
    """One font file, read once a process. Measures are in em: 1 is the size of the type."""

    name: str
    face: "hb.Face" = field(repr=False)
    shaper: "hb.Font" = field(repr=False)
    covers: frozenset[int] = field(repr=False)
    upem: int
    _breadths: dict[int, float] = field(repr=False, default_factory=dict)

    def breadth(self, glyph: int) -> float:
        found = self._breadths.get(glyph)
        if found is None:
            found = self._breadths[glyph] = self.shaper.get_glyph_h_advance(glyph) / self.upem
        return found


class FontMissing(Exception):
    """A font file that belongs to this software is not there."""


@cache
def load_font(name: str) -> Font:
    """Raises:
    FontMissing: the file was not installed.
    """
    path = FOLDER / f"{name}.ttf"
    if not path.exists():
        raise FontMissing(f"The font {path.name} is missing in {FOLDER.name}: install this software anew.")
    face = hb.Face(hb.Blob.from_file_path(str(path)))
    return Font(name, face, hb.Font(face), frozenset(face.unicodes), int(face.upem))


@lru_cache(maxsize=20_000)
def find_font(character: str, *, bold: bool = False) -> Font | None:
    """The first that has it, or none."""
    wanted = ord(character)
    return next((font for name in _order(bold) if wanted in (font := load_font(name)).covers), None)


def _order(bold: bool) -> Sequence[str]:
    return (BOLD, LATIN, *OTHERS) if bold else (LATIN, *OTHERS)
