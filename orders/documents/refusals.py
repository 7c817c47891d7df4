"""Why a paper is not printed.

Refused
├── DocumentsUnavailable    a library or font is missing on this machine; the message says which and how to install it
├── NothingToPrint          none of the parcels needs this paper, or has it yet
└── LabelNotPrintable       a carrier gave a label that cannot stand on a page
"""

from oms.errors import Refused


class DocumentsUnavailable(Refused):
    """A library or a font is missing on this machine. Labels need none of them."""

    code = "documents_unavailable"
    status = 503


class NothingToPrint(Refused):
    """None of the parcels needs this paper, or has it yet."""

    code = "nothing_to_print"


class LabelNotPrintable(Refused):
    """A carrier gave a label that cannot stand on a page: for its own kind of printers, or damaged."""

    code = "label_not_printable"

    def __init__(self, number: str, media_type: str, *, damaged: bool = False) -> None:
        why = "cannot be read; void it and buy another" if damaged else "can only be sent to a label printer as it is"
        super().__init__(f"The label of {number} ({media_type}) {why}.", number=number, media_type=media_type)
