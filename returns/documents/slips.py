"""The paper of a return: it lies in the parcel, or is shown at a counter. In the customer's language."""

from django.conf import settings
from django.utils.safestring import SafeString, mark_safe

from oms.mailing import speaking_to
from orders.documents.pictures import draw_barcode
from orders.documents.rendering import paper_of, render_pdf
from orders.documents.showing import show_units
from orders.policies.address_labels import label_lines
from returns.choices import Method
from returns.documents.codes import draw_svg, say_code
from returns.queries.slips import Slip, read_slip

CODED = (Method.QR_DROP_OFF, Method.IN_STORE)
"""Ways on which a code is shown."""


def print_slip(number: str) -> bytes:
    """One page, as a PDF.

    Raises:
        ReturnNotFound, DocumentsUnavailable.
    """
    slip = read_slip(number)
    with speaking_to(slip.locale, country=slip.country):
        context = {
            "slip": slip,
            "items": [(item.title or item.sku, item.sku, show_units(item.quantity)) for item in slip.items],
            "receiver": label_lines(slip.receiver) if slip.receiver else [],
            "barcode": draw_barcode(slip.number),
            "code": _draw_code(slip),
            "foot": " · ".join(filter(None, (settings.SHOP_NAME, settings.SHOP_CONTACT, slip.number))),
        }
        return render_pdf("returns/documents/slip.html", context, paper=paper_of(slip.country))


def _draw_code(slip: Slip) -> SafeString:
    if slip.parcel is None or slip.method not in CODED:
        return SafeString("")
    return mark_safe(draw_svg(say_code(slip.parcel)))  # noqa: S308 - our own drawing
