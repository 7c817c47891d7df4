"""What stands on the papers of a parcel: read once for any number of fulfillments, as plain facts."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db.models import Count, OuterRef, Prefetch, Subquery

from oms.money import round_amount
from orders.absences import FulfillmentNotFound
from orders.models import Address, Fulfillment, FulfillmentLine, Label, LabelDocument, RoutingDecision

_ADDRESS = ("name", "company", "line1", "line2", "city", "province", "postal_code", "country", "phone")


@dataclass(frozen=True, slots=True)
class PaperLine:
    """Units of one order line in one parcel. `unit_price` is the customer's; `unit_value` is what they paid for one
    unit after discounts and without tax, in whole minor units: so that units × value is what the papers add up."""

    sku: str
    title: str
    options: Mapping[str, Any]
    properties: Mapping[str, Any]
    barcode: str
    quantity: Decimal
    unit_price: Decimal
    unit_value: Decimal
    grams: int
    hs_code: str
    origin: str
    handling: Sequence[str]


@dataclass(frozen=True, slots=True)
class ParcelPapers:
    """One fulfillment. `freight` and `duty` are the order's and stand on its first parcel only; `mail`: its service has
    numbers of the post (UPU S10), so it carries the post's forms. The tracking number is "" before a label is bought.
    `time_zone` is the warehouse's; `part` of `parts` counts the order's parcels that were not cancelled.
    """

    number: str
    order: str
    customer_number: str
    placed_on: date
    locale: str
    currency: str
    ship_from: Mapping[str, str]
    ship_to: Mapping[str, str]
    warehouse: str
    time_zone: str
    carrier: str
    service: str
    tracking_number: str
    mail: bool
    gross_grams: int | None
    freight: Decimal
    duty_paid: bool
    part: int
    parts: int
    note: str
    ship_by: datetime | None
    lines: Sequence[PaperLine]

    @property
    def handling(self) -> list[str]:
        """The classes of all that is in it."""
        return sorted({code for line in self.lines for code in line.handling})


def read_papers(numbers: Sequence[str]) -> list[ParcelPapers]:
    """The parcels of these fulfillments, in this order; what was not found on the shelf is left out. Three statements.

    Raises:
        FulfillmentNotFound: by the first number that nobody bears.
    """
    found = {each.number: each for each in _select(numbers)}
    if missing := next((number for number in numbers if number not in found), None):
        raise FulfillmentNotFound(missing)
    return [_describe(found[number]) for number in dict.fromkeys(numbers)]


def read_label_documents(numbers: Sequence[str]) -> list[tuple[str, str, bytes]]:
    """Number, media type and content of each fulfillment's label that was bought, in this order; one without is left
    out."""
    rows = LabelDocument.objects.filter(
        label__fulfillment__number__in=numbers, label__state=Label.State.BOUGHT
    ).values_list("label__fulfillment__number", "media_type", "content")
    found = {number: (number, media_type, bytes(content)) for number, media_type, content in rows}
    return [found[number] for number in dict.fromkeys(numbers) if number in found]


def list_wave(wave_id: int) -> list[str]:
    """The numbers of the fulfillments that a wave made and that are still to be done, as they were made."""
    decided = RoutingDecision.objects.filter(wave=wave_id)
    made = Fulfillment.objects.live().filter(order__in=decided.values("order"), made_at__in=decided.values("at"))
    return list(made.order_by("warehouse__code", "id").values_list("number", flat=True))


def _select(numbers: Sequence[str]) -> Sequence[Fulfillment]:
    sent = Fulfillment.objects.exclude(status=Fulfillment.Status.CANCELLED).filter(order=OuterRef("order"))
    parts = sent.order_by().values("order").annotate(parts=Count("id")).values("parts")
    before = sent.filter(sequence__lt=OuterRef("sequence")).order_by().values("order")
    lines = FulfillmentLine.objects.select_related("order_line__variant__product")
    labels = Label.objects.filter(state=Label.State.BOUGHT).select_related("account")
    rows = Fulfillment.objects.filter(number__in=numbers).select_related(
        "order__shipping_address", "warehouse", "address", "service__account"
    )
    return list(
        rows.annotate(
            parts=Subquery(parts), before=Subquery(before.annotate(n=Count("id")).values("n"))
        ).prefetch_related(Prefetch("lines", lines), Prefetch("labels", labels, to_attr="bought"))
    )


def _describe(fulfillment: Any) -> ParcelPapers:
    order, service = fulfillment.order, fulfillment.service
    label: Label | None = next(iter(fulfillment.bought), None)
    part = (fulfillment.before or 0) + 1
    freight = order.shipping_total - (order.shipping_tax if order.tax_included else 0)
    return ParcelPapers(
        number=fulfillment.number,
        order=order.number,
        customer_number=order.external_number or order.number,
        placed_on=order.placed_at.date(),
        locale=order.locale,
        currency=order.currency,
        ship_from=_sender(fulfillment.warehouse),
        ship_to=_receiver(fulfillment.address or order.shipping_address),
        warehouse=fulfillment.warehouse.code,
        time_zone=fulfillment.warehouse.time_zone,
        carrier=label.account.name if label and label.account else (service.account.name if service else ""),
        service=label.service_name if label else (service.name if service else ""),
        tracking_number=label.tracking_number if label else "",
        mail=bool(service and service.indicator),
        gross_grams=(label.parcel.get("grams") if label else None) or fulfillment.weight_grams,
        freight=round_amount(freight, order.currency) if part == 1 else Decimal(0),
        duty_paid=order.duty_total > 0,
        part=part,
        parts=max(fulfillment.parts or 0, part),
        note=order.note,
        ship_by=fulfillment.ship_by,
        lines=[_describe_line(line, order) for line in fulfillment.lines.all() if line.quantity > line.short_quantity],
    )


def _describe_line(line: FulfillmentLine, order: Any) -> PaperLine:
    bought, variant = line.order_line, line.order_line.variant
    quantity = line.quantity - line.short_quantity
    paid = bought.unit_price * bought.quantity - bought.discount - (bought.tax if order.tax_included else 0)
    each = paid / bought.quantity if bought.quantity else Decimal(0)
    return PaperLine(
        sku=bought.sku,
        title=bought.title or (variant.product.title if variant else ""),
        options=variant.options if variant else {},
        properties=bought.properties,
        barcode=variant.barcode if variant else "",
        quantity=quantity,
        unit_price=bought.unit_price,
        unit_value=round_amount(max(each, Decimal(0)), order.currency),
        grams=round((variant.weight_grams or 0) * quantity) if variant else 0,
        hs_code=variant.hs_code if variant else "",
        origin=variant.origin if variant else "",
        handling=variant.product.handling if variant else [],
    )


def _sender(warehouse: Any) -> dict[str, str]:
    parts = {name: str(warehouse.address.get(name, "")) for name in _ADDRESS}
    return parts | {"city": warehouse.city or parts["city"], "country": warehouse.country}


def _receiver(address: Address | None) -> dict[str, str]:
    return {name: getattr(address, name) for name in _ADDRESS} if address else {}
