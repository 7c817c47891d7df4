"""What orders that saw offers came to: read once for all of them."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from oms.sql import fetch_all
from upsell.policies.netting import Net, SoldLine, SoldOrder, net_offer, net_order

# Amounts as text: JSON knows only binary fractions.
_SOLD = """
SELECT o.id, o.currency, o.tax_included, o.total, o.tax_total, o.discount_total, o.credited,
       coalesce((SELECT max(e.given) FROM upsell_exposure e WHERE e.order_id = o.id), 0),
       ARRAY(SELECT row_to_json(f) FROM (
           SELECT id, waived_shipping::text AS waived FROM upsell_offer
           WHERE order_id = o.id AND state = 'ACCEPTED' ORDER BY id
       ) AS f),
       ARRAY(SELECT json_build_array(
           l.quantity::text, (l.quantity - l.cancelled_quantity - l.returned_quantity)::text, l.unit_price::text,
           l.discount::text, l.tax::text,
           CASE WHEN l.kind <> 'PRODUCT' THEN '0' WHEN v.currency = o.currency THEN v.unit_cost::text END, i.offer_id
       ) FROM orders_orderline l
         LEFT JOIN inventory_variant v ON v.id = l.variant_id
         LEFT JOIN upsell_offeritem i ON i.id = l.offer_item
         WHERE l.order_id = o.id ORDER BY l.position)
FROM orders_order o WHERE o.id = ANY(%(orders)s::bigint[]) ORDER BY o.id
"""


@dataclass(frozen=True, slots=True)
class Sold:
    """An order, and the offers it took: their ids with the shipping that each waived."""

    order: int
    facts: SoldOrder
    offers: dict[int, Decimal | None]


@dataclass(frozen=True, slots=True)
class Counted:
    """What offers and exposures of some orders come to, by their ids."""

    offers: Mapping[int, Net]
    orders: Mapping[int, Net]


def read_sold(orders: Collection[int]) -> list[Sold]:
    """One statement, in the order of their ids."""
    return [_read(row) for row in fetch_all(_SOLD, {"orders": list(orders)})]


def reckon(sold: Sequence[Sold]) -> Counted:
    """What they come to, without writing it."""
    offers = {
        offer: net_offer(each.facts, [line for line in each.facts.lines if line.offer == offer], waived=waived)
        for each in sold
        for offer, waived in each.offers.items()
    }
    return Counted(offers, {each.order: net_order(each.facts) for each in sold})


def _read(row: Sequence[Any]) -> Sold:
    order, currency, included, total, tax, discount, credited, given, offers, lines = row
    facts = SoldOrder(currency, included, total, tax, discount, credited, given, [_line(line) for line in lines])
    waived = {offer["id"]: _amount(offer["waived"]) for offer in offers}
    return Sold(order, facts, waived)


def _line(row: Sequence[Any]) -> SoldLine:
    *amounts, cost, offer = row
    quantity, left, price, discount, tax = map(Decimal, amounts)
    return SoldLine(quantity, left, price, discount, tax, _amount(cost), offer)


def _amount(text: str | None) -> Decimal | None:
    return None if text is None else Decimal(text)
