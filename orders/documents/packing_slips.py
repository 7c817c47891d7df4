"""The paper that lies in the parcel: what is in it, in the customer's language, and no prices (it may be a present)."""

from collections.abc import Sequence

from babel.dates import format_date
from django.conf import settings

from oms.mailing import speaking_to
from oms.portal.zones import babel_locale
from orders.documents.joining import join_pdfs
from orders.documents.pictures import draw_barcode
from orders.documents.rendering import paper_of, render_pdf
from orders.documents.showing import show_lines, show_rules
from orders.policies.address_labels import label_lines
from orders.queries.papers import ParcelPapers, read_papers


def print_packing_slips(numbers: Sequence[str]) -> bytes:
    """One slip a fulfillment, in this order, each with its own page numbers.

    Raises:
        FulfillmentNotFound, DocumentsUnavailable.
    """
    return join_pdfs(_print_slip(parcel) for parcel in read_papers(numbers))


def _print_slip(parcel: ParcelPapers) -> bytes:
    with speaking_to(parcel.locale, country=parcel.ship_to.get("country", "")):
        context = {
            "parcel": parcel,
            "lines": show_lines(parcel.lines),
            "rules": show_rules(parcel.handling),
            "receiver": label_lines(parcel.ship_to),
            "placed_on": format_date(parcel.placed_on, "long", locale=babel_locale()),
            "barcode": draw_barcode(parcel.number),
            "foot": " · ".join(filter(None, (settings.SHOP_NAME, settings.SHOP_CONTACT, parcel.number))),
        }
        return render_pdf("packing_slip.html", context, paper=paper_of(parcel.ship_from.get("country", "")))
