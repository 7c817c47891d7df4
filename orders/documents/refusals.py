"""Why a paper is not printed.

Refused
├── DocumentsUnavailable    a library or font is missing on this machine; the message says which and how to install it
├── NothingToPrint          none of the parcels needs this paper, or has it yet
└── LabelNotPrintable       a carrier gave a label in a format for its own printers
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
    """A carrier gave a label in a format that cannot stand on a page."""

    code = "label_not_printable"

    def __init__(self, number: str, media_type: str) -> None:
        super().__init__(
            f"The label of {number} is {media_type}: it can only be sent to a label printer as it is.",
            number=number,
            media_type=media_type,
        )
