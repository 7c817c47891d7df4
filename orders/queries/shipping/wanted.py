"""Fulfillments that want a label: what is to be sent, from where, to whom."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from oms.money import round_amount
from oms.sql import fetch_all
from orders.policies.customs import needs_declaration
from orders.policies.shipping.parcels import Item, Packed, pack_items

# A line's value for customs is what its units were sold for, less the line's own discount.
_ITEMS = """
SELECT json_agg(json_build_object(
    'quantity', (fl.quantity - fl.shipped_quantity - fl.short_quantity)::text,
    'title', l.title, 'sku', l.sku,
    'value', ((l.quantity * l.unit_price - l.discount) / greatest(l.quantity, 0.001))::text,
    'grams', v.weight_grams, 'length', v.length_mm, 'width', v.width_mm, 'height', v.height_mm,
    'hs_code', v.hs_code, 'origin', v.origin, 'handling', p.handling
) ORDER BY l.position)
FROM orders_fulfillmentline fl
JOIN orders_orderline l ON l.id = fl.order_line_id
LEFT JOIN inventory_variant v ON v.id = l.variant_id
LEFT JOIN inventory_product p ON p.id = v.product_id
WHERE fl.fulfillment_id = f.id AND fl.quantity > fl.shipped_quantity + fl.short_quantity
"""
_READ = f"""
SELECT f.id, f.number, o.number, o.currency, w.id, w.code, w.time_zone,
       w.address::json, w.name, w.country, w.city, f.ship_by, f.deliver_by, f.service_id, coalesce(s.express, false),
       json_build_object(
           'name', a.name, 'company', a.company, 'line1', a.line1, 'line2', a.line2, 'city', a.city,
           'province', a.province, 'postal_code', a.postal_code, 'country', coalesce(nullif(a.country, ''), o.country),
           'phone', coalesce(nullif(a.phone, ''), o.phone), 'email', o.email
       ),
       ({_ITEMS})
FROM orders_fulfillment f
JOIN orders_order o ON o.id = f.order_id
JOIN inventory_warehouse w ON w.id = f.warehouse_id
LEFT JOIN orders_carrierservice s ON s.id = f.service_id
LEFT JOIN orders_address a ON a.id = coalesce(f.address_id, o.shipping_address_id)
WHERE f.number = ANY(%(numbers)s::text[]) AND f.status IN ('OPEN', 'IN_PROGRESS')
  AND NOT o.test
  AND NOT EXISTS (
      SELECT FROM orders_label l WHERE l.fulfillment_id = f.id AND l.state IN ('WANTED', 'BOUGHT')
  )
ORDER BY f.id
"""  # noqa: S608 - our own text

_ADDRESS = ("name", "company", "line1", "line2", "city", "province", "postal_code", "country", "phone", "email")


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """A parcel without a label: a fulfillment, or what comes back of `order_id` as return `number`.

    `customs` as `Label.customs` has it, empty where no border is crossed. `leaves` is the day, at the warehouse, on
    which it should go; `due` the one on which it should arrive. Of what comes back `units` are by order line.
    """

    fulfillment_id: int | None
    order_id: int | None = None
    number: str
    order: str
    warehouse_id: int
    warehouse: str
    service_id: int | None
    express: bool
    leaves: date
    due: date | None
    ship_from: Mapping[str, str]
    ship_to: Mapping[str, str]
    packed: Packed
    handling: Sequence[str]
    customs: Mapping[str, Any]
    units: Mapping[str, str] = field(default_factory=dict)

    @property
    def abroad(self) -> str:
        """The customer's country: what rate tables know of a lane, in both directions."""
        return self.ship_to["country"] if self.fulfillment_id else self.ship_from["country"]


def read_wanted(numbers: Sequence[str], *, at: datetime) -> list[Wanted]:
    """Those of the fulfillments that are live and have no label yet; test orders get none."""
    return [_wanted(row, at) for row in fetch_all(_READ, {"numbers": list(numbers)})]


def _wanted(row: Sequence[Any], at: datetime) -> Wanted:
    fulfillment_id, number, order, currency, warehouse_id, warehouse, zone, *rest = row
    address, name, country, city, ship_by, deliver_by, service_id, express, ship_to, items = rest
    items = items or []
    ship_from = address_warehouse(address, name=name, country=country, city=city)
    here = ZoneInfo(zone)
    return Wanted(
        fulfillment_id=fulfillment_id,
        number=number,
        order=order,
        warehouse_id=warehouse_id,
        warehouse=warehouse,
        service_id=service_id,
        express=express,
        leaves=(ship_by or at).astimezone(here).date(),
        due=deliver_by.astimezone(here).date() if deliver_by else None,
        ship_from=ship_from,
        ship_to=fill_address(ship_to),
        packed=pack_units(items),
        handling=list_handling(items),
        customs=declare_items(items, currency, ship_from, ship_to),
    )


def fill_address(address: Mapping[str, Any]) -> dict[str, str]:
    """All its parts, "" where unknown."""
    return {key: address.get(key) or "" for key in _ADDRESS}


def pack_units(items: Sequence[Mapping[str, Any]]) -> Packed:
    return pack_items([_item(each) for each in items])


def list_handling(items: Sequence[Mapping[str, Any]]) -> list[str]:
    return sorted({mark for each in items for mark in each["handling"] or ()})


def address_warehouse(address: Mapping[str, Any], *, name: str, country: str, city: str) -> dict[str, str]:
    """As it stands on labels, from or to it."""
    known = {key: str(address.get(key) or "") for key in _ADDRESS}
    known["company"] = known["company"] or known["name"] or name
    return known | {"country": known["country"] or country, "city": known["city"] or city}


def _item(document: Mapping[str, Any]) -> Item:
    measures = document["length"], document["width"], document["height"]
    return Item(Decimal(document["quantity"]), document["grams"], measures if all(measures) else None)


def declare_items(
    items: Sequence[Mapping[str, Any]], currency: str, ship_from: Mapping[str, str], ship_to: Mapping[str, Any]
) -> dict[str, Any]:
    """As `Label.customs` keeps it; empty where no border is crossed."""
    origin, destination, postal_code = ship_from["country"], ship_to["country"], ship_to.get("postal_code") or ""
    if not needs_declaration(origin=origin, destination=destination, postal_code=postal_code):
        return {}
    return {"items": [_customs_item(each, currency) for each in items], "currency": currency}


def _customs_item(document: Mapping[str, Any], currency: str) -> dict[str, Any]:
    quantity = Decimal(document["quantity"])
    return {
        "description": document["title"] or document["sku"],
        "quantity": f"{quantity.normalize():f}",
        "value": str(round_amount(max(Decimal(document["value"]) * quantity, Decimal(0)), currency)),
        "grams": int((document["grams"] or 0) * quantity),
        "hs_code": document["hs_code"] or "",
        "origin": document["origin"] or "",
        "sku": document["sku"],
    }
