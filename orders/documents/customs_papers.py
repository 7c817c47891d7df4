"""What customs read: the post's CN 22 or CN 23 for mail, and a commercial invoice with every parcel.

In English and, where the post wants it, French. Units × value is each row's amount, and the rows are the total.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.conf import settings
from django.utils import translation

from oms.countries import name_in_english
from oms.money import round_amount
from orders.documents.joining import join_pdfs
from orders.documents.pictures import draw_barcode
from orders.documents.refusals import NothingToPrint
from orders.documents.rendering import paper_of, render_pdf
from orders.documents.showing import show_units
from orders.policies.address_labels import label_lines
from orders.policies.customs import (
    Declaration,
    DeclaredItem,
    Form,
    Reason,
    choose_form,
    covered_by_ioss,
    list_gaps,
    needs_declaration,
)
from orders.queries.papers import ParcelPapers, read_papers

_PAPER = {Form.CN22: "74mm 105mm", Form.CN23: "A5 landscape"}
_TEMPLATE = {Form.CN22: "cn22.html", Form.CN23: "cn23.html"}


@dataclass(frozen=True, slots=True)
class ShownItem:
    """One row, as it is written."""

    units: str
    description: str
    sku: str
    hs_code: str
    origin: str
    kilograms: str
    each: str
    value: str


def print_customs_papers(numbers: Sequence[str], *, at: datetime) -> bytes:
    """The papers of those that cross a customs border, in this order; the others are left out.

    Raises:
        FulfillmentNotFound, DocumentsUnavailable.
        NothingToPrint: none of them crosses one.
    """
    abroad = [parcel for parcel in read_papers(numbers) if crosses_border(parcel)]
    if not abroad:
        raise NothingToPrint("None of these parcels crosses a customs border.", numbers=list(numbers))
    with translation.override("en"):
        return join_pdfs(paper for parcel in abroad for paper in print_declaration(parcel, declare(parcel, at=at)))


def list_customs_gaps(numbers: Sequence[str], *, at: datetime) -> dict[str, list[str]]:
    """What an officer would miss, in sentences by fulfillment number; complete ones are left out."""
    abroad = [parcel for parcel in read_papers(numbers) if crosses_border(parcel)]
    gaps = {parcel.number: list_gaps(declare(parcel, at=at)) for parcel in abroad}
    return {number: sentences for number, sentences in gaps.items() if sentences}


def crosses_border(parcel: ParcelPapers) -> bool:
    return needs_declaration(
        origin=parcel.ship_from["country"],
        destination=parcel.ship_to.get("country", ""),
        postal_code=parcel.ship_to.get("postal_code", ""),
    )


def declare(parcel: ParcelPapers, *, at: datetime) -> Declaration:
    """Its content, signed on that day."""
    items = [
        DeclaredItem(
            description=line.title or line.sku,
            quantity=line.quantity,
            unit_value=line.unit_value,
            grams=line.grams,
            hs_code=line.hs_code,
            origin=line.origin,
            sku=line.sku,
        )
        for line in parcel.lines
    ]
    return Declaration(
        items=items,
        currency=parcel.currency,
        signed_on=at.date(),
        signed_by=settings.CUSTOMS_SIGNATORY,
        gross_grams=parcel.gross_grams,
    )


def print_declaration(parcel: ParcelPapers, declaration: Declaration, *, exported: str = "") -> Iterator[bytes]:
    """The post's form for mail, and the invoice. `exported`: under what goods that come back went out."""
    context = _describe(parcel, declaration) | {"exported": exported, "back": bool(exported)}
    if parcel.mail:
        form = choose_form(declaration)
        yield render_pdf(_TEMPLATE[form], context, paper=_PAPER[form])
    yield render_pdf("invoice.html", context, paper=paper_of(parcel.ship_from["country"]))


def _describe(parcel: ParcelPapers, declaration: Declaration) -> dict[str, Any]:
    route = {"origin": parcel.ship_from["country"], "destination": parcel.ship_to.get("country", "")}
    return {
        "parcel": parcel,
        "sender": _address({**parcel.ship_from, "name": parcel.ship_from.get("name") or settings.SHOP_NAME}),
        "receiver": _address(parcel.ship_to),
        "items": [_show_item(item, declaration.currency) for item in declaration.items],
        "reasons": [(reason.value, reason == declaration.reason) for reason in Reason],
        "reason": declaration.reason.value,
        "net": _kilograms(declaration.net_grams),
        "gross": _kilograms(declaration.grams),
        "value": _amount(declaration.value, declaration.currency),
        "freight": _amount(parcel.freight, declaration.currency),
        "total": _amount(declaration.value + parcel.freight, declaration.currency),
        "currency": declaration.currency,
        "incoterm": "DDP" if parcel.duty_paid else settings.CUSTOMS_INCOTERM,
        "place": ", ".join(filter(None, (parcel.ship_to.get("city", ""), name_in_english(route["destination"])))),
        "eori": settings.CUSTOMS_EORI,
        "vat_number": settings.CUSTOMS_VAT_NUMBER,
        "ioss": settings.CUSTOMS_IOSS if covered_by_ioss(declaration, **route) else "",
        "signed_on": declaration.signed_on.isoformat(),
        "signed_by": declaration.signed_by,
        "barcode": draw_barcode(parcel.tracking_number) if parcel.tracking_number else "",
        "foot": f"{settings.SHOP_NAME} · {parcel.number}",
    }


def _show_item(item: DeclaredItem, currency: str) -> ShownItem:
    return ShownItem(
        units=show_units(item.quantity),
        description=item.description,
        sku=item.sku,
        hs_code=item.hs_code,
        origin=item.origin,
        kilograms=_kilograms(item.grams),
        each=_amount(item.unit_value, currency),
        value=_amount(item.value, currency),
    )


def _address(address: Mapping[str, str]) -> list[str]:
    return [*label_lines(address), name_in_english(address.get("country", "")).upper()]


def _kilograms(grams: int) -> str:
    return f"{Decimal(grams) / 1000:.3f}" if grams else ""


def _amount(amount: Decimal, currency: str) -> str:
    return f"{round_amount(amount, currency):,f}"
