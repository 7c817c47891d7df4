"""What stands on the papers of a return."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from returns.absences import ReturnNotFound
from returns.models import Return, ReturnItem, ReturnParcel
from returns.queries.addresses import address_node


@dataclass(frozen=True, slots=True)
class SlipItem:
    """Like units that come back, whatever becomes of each."""

    sku: str
    title: str
    quantity: Decimal


@dataclass(frozen=True, slots=True)
class Slip:
    """A return on its way. `order` is its number as the customer knows it; `parcel` None: nothing is prepared."""

    number: str
    order: str
    locale: str
    country: str
    method: str
    items: Sequence[SlipItem]
    receiver: Mapping[str, str]
    instructions: str
    parcel: ReturnParcel | None


def read_slip(number: str) -> Slip:
    """Raises:
    ReturnNotFound
    """
    rows = Return.objects.select_related("order__shipping_address", "node__warehouse")
    found = rows.filter(number=number).first()
    if found is None:
        raise ReturnNotFound(number)
    order, node = found.order, found.node
    there = order.shipping_address
    return Slip(
        number=found.number,
        order=order.external_number or order.number,
        locale=found.locale or order.locale,
        country=(there.country if there else "") or order.country,
        method=found.method,
        items=_read_items(found),
        receiver=address_node(node) if node else {},
        instructions=node.instructions if node else "",
        parcel=found.parcels.order_by("-id").first(),
    )


def _read_items(found: Return) -> list[SlipItem]:
    units: dict[tuple[str, str], Decimal] = {}
    coming = found.items.filter(needs_goods=True, line__isnull=False).exclude(reception=ReturnItem.Reception.CANCELED)
    for item in coming.select_related("line"):
        assert item.line is not None, "it is found by it"
        key = item.line.sku, item.line.title
        units[key] = units.get(key, Decimal(0)) + item.quantity
    return [SlipItem(sku, title, quantity) for (sku, title), quantity in units.items()]
