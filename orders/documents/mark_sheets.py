"""Handling marks in their full size, for the label printer."""

from collections.abc import Sequence

from oms.lettering.fonts import FontMissing
from orders.carriers.mark_sheets import draw_mark_sheets
from orders.documents.refusals import DocumentsUnavailable, NothingToPrint
from orders.queries.papers import read_papers


def print_mark_sheets(numbers: Sequence[str]) -> bytes:
    """A sheet for each mark that each of these parcels must bear.

    Raises:
        FulfillmentNotFound.
        NothingToPrint: none of them needs a mark.
        DocumentsUnavailable: this software's fonts are not installed.
    """
    marked = [(parcel.number, parcel.handling) for parcel in read_papers(numbers) if parcel.handling]
    if not marked:
        raise NothingToPrint("Nothing in these parcels needs a mark.", numbers=list(numbers))
    try:
        return draw_mark_sheets(marked)
    except FontMissing as error:
        raise DocumentsUnavailable(str(error), missing="font") from error
