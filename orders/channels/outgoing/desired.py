"""From our own document of an order (`orders.queries.order_documents`) to what should stand on the other side."""

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any

from orders.channels.outgoing.port import (
    ChannelOrder,
    ChannelShipment,
    Desired,
    DesiredLine,
    PostalAddress,
    ShippedLine,
)

Document = Mapping[str, Any]


def read_desired(document: Document, external_ids: Mapping[int, str] | None = None) -> Desired:
    """What the document says should be there. `external_ids`: names of lines learnt since it was written, by our id."""
    learnt, money = external_ids or {}, document["money"]
    customer, shipping = document["customer"] or {}, document["shipping"]
    return Desired(
        order=_read_order(document),
        lines=tuple(_read_line(line, learnt) for line in document["lines"]),
        email=customer.get("email") or "",
        phone=customer.get("phone") or "",
        address=_read_address(document["shipping_address"]),
        shipping_method=shipping["method"],
        shipping_amount=_amount(shipping["amount"]),
        shipping_tax=_amount(shipping["tax"]),
        tax_included=document["tax_included"],
        total=_amount(money["total"]),
        credited=_amount(money["credited"]),
        cancelled=document["status"] == "CANCELLED",
        reason=document["cancel_reason"] or "",
    )


def read_shipment(
    document: Document, parcel: Document, external_ids: Mapping[int, str], *, reference: int, **known: Any
) -> ChannelShipment:
    """The parcel as the channel should show it. `known`: what it was told before, as `ChannelShipment` has it."""
    status_at = parcel.get("status_at")
    return ChannelShipment(
        order=_read_order(document),
        number=parcel["number"],
        reference=reference,
        lines=tuple(_read_units(line, external_ids) for line in parcel["lines"]),
        carrier=parcel["carrier"],
        service=parcel["service"],
        tracking_number=parcel["tracking_number"],
        tracking_url=parcel["tracking_url"],
        shipped_at=datetime.fromisoformat(parcel["shipped_at"]),
        rest=parcel.get("rest", False),
        status=parcel["status"] if status_at else "",
        status_at=datetime.fromisoformat(status_at) if status_at else None,
        **known,
    )


def _read_order(document: Document) -> ChannelOrder:
    return ChannelOrder(document["external_id"], document["number"], document["currency"])


def _read_units(line: Document, learnt: Mapping[int, str]) -> ShippedLine:
    name = learnt.get(line["line"], line["external_id"])
    return ShippedLine(name, line["sku"], line["title"], Decimal(str(line["quantity"])))


def _read_line(line: Document, learnt: Mapping[int, str]) -> DesiredLine:
    ordered = Decimal(str(line["quantity"]))
    return DesiredLine(
        external_id=learnt.get(line["id"], line["external_id"]),
        kind=line["kind"],
        sku=line["sku"],
        title=line["title"],
        quantity=ordered - Decimal(str(line["cancelled_quantity"])),
        price=_amount(line["unit_price"]) * ordered,
        discount=_amount(line["discount"]),
        tax=_amount(line["tax"]),
    )


def _read_address(address: Document | None) -> PostalAddress | None:
    return PostalAddress(**address) if address else None


def _amount(money: Document) -> Decimal:
    return Decimal(money["amount"])
