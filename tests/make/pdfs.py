"""Looking at a PDF as a printer and a scanner do."""

from collections.abc import Iterator
from dataclasses import dataclass

import pypdfium2
import zxingcpp
from PIL.Image import Image

PRINTER_DPI = 203


@dataclass(frozen=True, slots=True)
class Letter:
    """Where a character stands on its page, in points from the lower left corner."""

    text: str
    left: float
    bottom: float
    right: float
    top: float


def count_pages(pdf: bytes) -> int:
    with pypdfium2.PdfDocument(pdf) as document:
        return len(document)


def read_text(pdf: bytes, page: int | None = None) -> str:
    """All its text, or that of one page, on one line."""
    with pypdfium2.PdfDocument(pdf) as document:
        pages = range(len(document)) if page is None else [page]
        return " ".join(" ".join(document[place].get_textpage().get_text_range() for place in pages).split())


def read_letters(pdf: bytes, page: int = 0) -> list[Letter]:
    """Each character that leaves ink."""
    with pypdfium2.PdfDocument(pdf) as document:
        text = document[page].get_textpage()
        return [
            Letter(character, *text.get_charbox(place))
            for place in range(text.count_chars())
            if (character := text.get_text_range(place, 1)).strip()
        ]


def print_pages(pdf: bytes) -> Iterator[Image]:
    """Each page as a thermal printer prints it."""
    with pypdfium2.PdfDocument(pdf) as document:
        for page in document:
            yield page.render(scale=PRINTER_DPI / 72, grayscale=True).to_pil()


def scan_barcodes(pdf: bytes) -> list[list[str]]:
    """What a scanner reads on each page, sorted."""
    return [sorted(code.text for code in zxingcpp.read_barcodes(picture)) for picture in print_pages(pdf)]
