"""The labels that were bought, as one PDF for the label printer."""

from collections.abc import Sequence

from orders.documents.joining import is_pdf, join_pdfs, picture_as_pdf
from orders.documents.refusals import LabelNotPrintable, NothingToPrint
from orders.queries.papers import read_label_documents

_PICTURES = frozenset(("image/png", "image/jpeg", "image/gif"))


def print_labels(numbers: Sequence[str]) -> bytes:
    """The labels of these fulfillments in this order, as their carriers gave them; one without a label is left out.

    Raises:
        NothingToPrint: none of them has a label.
        LabelNotPrintable: a carrier gave one in a format for printers (ZPL, EPL), or a damaged one.
    """
    found = read_label_documents(numbers)
    if not found:
        raise NothingToPrint("None of these parcels has a label yet.", numbers=list(numbers))
    return join_pdfs([as_pdf(*each) for each in found])


def as_pdf(number: str, media_type: str, content: bytes) -> bytes:
    """A label that can stand on a page.

    Raises:
        LabelNotPrintable
    """
    if media_type in _PICTURES:
        try:
            return picture_as_pdf(content)
        except OSError as error:
            raise LabelNotPrintable(number, media_type, damaged=True) from error
    if media_type != "application/pdf":
        raise LabelNotPrintable(number, media_type)
    if not is_pdf(content):
        raise LabelNotPrintable(number, media_type, damaged=True)
    return content
