"""Bars that a scanner reads, as places and widths in modules (the narrowest bar)."""

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from oms.later import Later

if TYPE_CHECKING:
    import zint
else:
    zint = Later("zint")

QUIET = 10
"""Modules of white that a Code 128 needs on each side (ISO/IEC 15417)."""


@dataclass(frozen=True, slots=True)
class Barcode:
    """`bars` are (from, width); `width` is all of it, without the quiet zones."""

    text: str
    bars: tuple[tuple[int, int], ...]
    width: int


@lru_cache(maxsize=500)
def encode_code_128(text: str) -> Barcode:
    """Code 128 (ISO/IEC 15417).

    Raises:
        ValueError: nothing to encode, more than 99 symbol characters, or something else than printable ASCII.
    """
    if not (text and text.isascii() and text.isprintable()):
        raise ValueError(f"{text!r} cannot stand in a Code 128: printable ASCII characters only, and at least one.")
    symbol = zint.Symbol()
    symbol.symbology = zint.Symbology.CODE128
    symbol.show_hrt = False
    try:
        symbol.encode(text)
    except RuntimeError as error:
        raise ValueError(str(error)) from error
    symbol.buffer_vector(0)
    scale = symbol.vector.width / symbol.width  # zint draws two units a module
    bars = tuple((round(bar.x / scale), round(bar.width / scale)) for bar in symbol.vector.rectangles)
    return Barcode(text, bars, symbol.width)


QR_QUIET = 4
"""Modules of white that a QR code needs on each side (ISO/IEC 18004)."""


@dataclass(frozen=True, slots=True)
class QrCode:
    """`bars` are (x, y, width, height) from the upper left corner; `size` is a side, without the quiet zone."""

    text: str
    bars: tuple[tuple[int, int, int, int], ...]
    size: int


@lru_cache(maxsize=500)
def encode_qr(text: str) -> QrCode:
    """QR code (ISO/IEC 18004) that is still read with 15 % of it lost.

    Raises:
        ValueError: nothing to encode, or more than a QR code can hold.
    """
    if not text:
        raise ValueError("There is nothing to encode.")
    symbol = zint.Symbol()
    symbol.symbology = zint.Symbology.QRCODE
    symbol.option_1 = 2  # error correction M
    try:
        symbol.encode(text)
    except RuntimeError as error:
        raise ValueError(str(error)) from error
    symbol.buffer_vector(0)
    scale = symbol.vector.width / symbol.width
    bars = tuple(
        (round(bar.x / scale), round(bar.y / scale), round(bar.width / scale), round(bar.height / scale))
        for bar in symbol.vector.rectangles
    )
    return QrCode(text, bars, symbol.width)
