"""What the house carrier prints on a parcel."""

from dataclasses import asdict
from datetime import date
from decimal import Decimal

from orders.carriers.house_label import LabelFacts, draw_label
from orders.carriers.port import LabelAsk
from orders.policies.customs import Declaration, DeclaredItem, Reason

UNKNOWN_DAY = date(2000, 1, 1)
CENT = Decimal("0.01")


def draw_sheet(ask: LabelAsk, carrier: str) -> bytes:
    """The label of `ask.reference` as a PDF; the same ask draws the same label."""
    return draw_label(describe_sheet(ask, carrier))


def describe_sheet(ask: LabelAsk, carrier: str) -> LabelFacts:
    return LabelFacts(
        tracking_number=ask.reference,
        carrier=carrier,
        service=ask.service_name or ask.service,
        ship_from=asdict(ask.ship_from),
        ship_to=asdict(ask.ship_to),
        order=ask.order,
        fulfillment=ask.number,
        weight_grams=ask.parcel.grams,
        posted_on=ask.leaves or UNKNOWN_DAY,
        handling=tuple(ask.marks),
        declaration=_declare(ask) if ask.customs else None,
        back=ask.back,
    )


def _declare(ask: LabelAsk) -> Declaration:
    items = [
        DeclaredItem(
            description=item.description,
            quantity=item.quantity,
            unit_value=(item.value / item.quantity).quantize(CENT) if item.quantity else item.value,
            grams=item.grams,
            hs_code=item.hs_code,
            origin=item.origin,
            sku=item.sku,
        )
        for item in ask.customs
    ]
    return Declaration(
        items=items,
        currency=ask.customs[0].currency,
        signed_on=ask.leaves or UNKNOWN_DAY,
        signed_by=ask.ship_from.company or ask.ship_from.name,
        reason=Reason.RETURN if ask.back else Reason.SALE,
        gross_grams=ask.parcel.grams,
    )
