"""Many PDFs as one: pages are taken over as they are."""

import io
import threading
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from oms.later import Later

if TYPE_CHECKING:
    import pypdfium2
    from PIL import Image
else:
    pypdfium2, Image = Later("pypdfium2"), Later("PIL.Image")

_turn = threading.Lock()
"""PDFium is not made for two threads."""


def join_pdfs(many: Iterable[bytes]) -> bytes:
    """All pages, in this order."""
    with _turn, _opened(None) as whole:
        for content in many:
            with _opened(content) as part:
                whole.import_pages(part)
        file = io.BytesIO()
        whole.save(file)
    return file.getvalue()


def is_pdf(content: bytes) -> bool:
    """It can be read, and has a page."""
    try:
        with _turn, _opened(content) as document:
            return len(document) > 0
    except pypdfium2.PdfiumError:
        return False


def picture_as_pdf(content: bytes) -> bytes:
    """A picture as a page of its own size; one that does not say its resolution is a label 4 inches wide.

    Raises:
        OSError: it cannot be read.
    """
    with Image.open(io.BytesIO(content)) as picture:
        dpi = float(picture.info.get("dpi", (picture.width / 4,))[0]) or picture.width / 4
        file = io.BytesIO()
        picture.convert("RGB").save(file, "PDF", resolution=dpi)
    return file.getvalue()


@contextmanager
def _opened(content: bytes | None) -> "Iterator[pypdfium2.PdfDocument]":
    document = pypdfium2.PdfDocument.new() if content is None else pypdfium2.PdfDocument(content)
    try:
        yield document
    finally:
        document.close()
