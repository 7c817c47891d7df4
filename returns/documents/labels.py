"""What a customer prints of a return: the label, and what customs read where it crosses a border."""

from datetime import datetime

from orders.documents.joining import join_pdfs
from orders.documents.labels import as_pdf
from orders.documents.return_papers import print_return_papers
from orders.queries.fulfilling.labels import return_label_of


def print_return_label(number: str, *, at: datetime) -> bytes:
    """The label as its carrier gave it, then the papers; one PDF.

    Raises:
        LabelNotFound: it was not bought yet, or was given back.
        LabelNotPrintable: the carrier gave one for printers of its own.
        DocumentsUnavailable: papers are needed and cannot be made on this machine.
    """
    label = return_label_of(number)
    sheets = [as_pdf(number, label.document.media_type, bytes(label.document.content))]
    if label.customs:
        sheets.append(print_return_papers(number, at=at))
    return join_pdfs(sheets)
