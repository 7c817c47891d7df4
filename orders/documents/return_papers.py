"""What customs read of goods that come back: the same forms, marked as returned goods, with the export they belong to.

Goods that come back unaltered within three years bear no duty where they were exported from (Regulation (EU) 952/2013,
article 203); the officer finds the export by its order and tracking number.
"""

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.utils import translation

from oms.money import round_amount
from orders.documents.customs_papers import print_declaration
from orders.documents.joining import join_pdfs
from orders.documents.refusals import NothingToPrint
from orders.models import CarrierService, Label
from orders.policies.customs import Declaration, DeclaredItem, Reason
from orders.queries.fulfilling.labels import return_label_of
from orders.queries.papers import ParcelPapers


def print_return_papers(number: str, *, at: datetime) -> bytes:
    """The papers of a return that crosses a customs border.

    Raises:
        LabelNotFound, DocumentsUnavailable.
        NothingToPrint: it crosses none.
    """
    label = return_label_of(number)
    if not label.customs:
        raise NothingToPrint("This return crosses no customs border.", numbers=[number])
    parcel = _describe(label)
    declaration = declare_back(label, on=at.date())
    with translation.override("en"):
        return join_pdfs(print_declaration(parcel, declaration, exported=label.customs["exported"]))


def declare_back(label: Label, *, on: date) -> Declaration:
    """Its content as returned goods, signed by the customer who sends it."""
    return Declaration(
        items=[_item(each, label.customs["currency"]) for each in label.customs["items"]],
        currency=label.customs["currency"],
        signed_on=on,
        signed_by=label.ship_from["name"] or label.ship_from["company"],
        reason=Reason.RETURN,
        gross_grams=label.parcel["grams"],
    )


def _item(document: dict[str, Any], currency: str) -> DeclaredItem:
    quantity = Decimal(document["quantity"])
    return DeclaredItem(
        description=document["description"],
        quantity=quantity,
        unit_value=round_amount(Decimal(document["value"]) / quantity, currency),
        grams=document["grams"],
        hs_code=document["hs_code"],
        origin=document["origin"],
        sku=document["sku"],
    )


def _describe(label: Label) -> ParcelPapers:
    order = label.its_order
    service = CarrierService.objects.filter(account=label.account, code=label.service).first()
    return ParcelPapers(
        number=label.rma,
        order=order.number,
        customer_number=order.external_number or order.number,
        placed_on=order.placed_at.date(),
        locale=order.locale,
        currency=label.customs["currency"],
        ship_from=label.ship_from,
        ship_to=label.ship_to,
        warehouse="",
        time_zone="UTC",
        carrier=label.account.name if label.account else "",
        service=label.service_name,
        tracking_number=label.tracking_number,
        mail=bool(service and service.indicator),
        gross_grams=label.parcel["grams"],
        freight=Decimal(0),
        duty_paid=False,
        part=1,
        parts=1,
        note="",
        ship_by=None,
        lines=(),
    )
