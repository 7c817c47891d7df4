"""What orders that saw offers came to: read once for all of them."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import groupby
from operator import itemgetter
from typing import Any

from oms.sql import fetch_all
from upsell.policies.netting import Net, SoldLine, SoldOrder, add_nets, net_offer, net_order
from upsell.queries.families import DOWN

# Amounts as text: JSON knows only binary fractions. The planner thinks families large, and would read every order there
# is (OFFSET 0).
_SOLD = f"""
WITH RECURSIVE {DOWN}
SELECT family.root, o.id, o.currency, o.tax_included, o.total, o.tax_total, o.discount_total, o.credited,
       CASE WHEN o.id = family.root THEN coalesce(
           (SELECT max(e.given) FROM upsell_exposure e WHERE e.order_id = o.id), 0
       ) ELSE 0 END,
       CASE WHEN o.id <> family.root THEN o.paid - o.refunded END,
       CASE WHEN o.id = family.root THEN ARRAY(SELECT row_to_json(f) FROM (
           SELECT id, waived_shipping::text AS waived FROM upsell_offer
           WHERE order_id = o.id AND state = 'ACCEPTED' ORDER BY id
       ) AS f) END,
       ARRAY(SELECT json_build_array(
           l.quantity::text, (l.quantity - l.cancelled_quantity - l.returned_quantity)::text, l.unit_price::text,
           l.discount::text, l.tax::text,
           CASE WHEN l.kind <> 'PRODUCT' THEN '0' WHEN v.currency = o.currency THEN v.unit_cost::text END, i.offer_id,
           l.id, l.follows_id
       ) FROM orders_orderline l
         LEFT JOIN inventory_variant v ON v.id = l.variant_id
         LEFT JOIN upsell_offeritem i ON i.id = l.offer_item
         WHERE l.order_id = o.id ORDER BY l.position)
FROM family CROSS JOIN LATERAL (SELECT * FROM orders_order WHERE id = family.id OFFSET 0) AS o
ORDER BY family.root, o.id
"""  # noqa: S608 - our own words, no input


@dataclass(frozen=True, slots=True)
class Sold:
    """An order with those that followed it, itself first, and the offers it took: their ids with the shipping that
    each waived.
    """

    order: int
    family: Sequence[SoldOrder]
    offers: dict[int, Decimal | None]


@dataclass(frozen=True, slots=True)
class Counted:
    """What offers and exposures of some orders come to, by their ids."""

    offers: Mapping[int, Net]
    orders: Mapping[int, Net]


def read_sold(orders: Collection[int]) -> list[Sold]:
    """One statement, in the order of their ids."""
    rows = fetch_all(_SOLD, {"orders": list(orders)})
    return [_read(root, list(family)) for root, family in groupby(rows, key=itemgetter(0))]


def reckon(sold: Sequence[Sold]) -> Counted:
    """What they come to, without writing it."""
    offers = {
        offer: _reckon_offer(each.family, offer, waived=waived)
        for each in sold
        for offer, waived in each.offers.items()
    }
    return Counted(offers, {each.order: add_nets([net_order(facts) for facts in each.family]) for each in sold})


def _reckon_offer(family: Sequence[SoldOrder], offer: int, *, waived: Decimal | None) -> Net:
    """Its lines wherever they are by now."""
    (order, lines), *later = [(each, [line for line in each.lines if line.offer == offer]) for each in family]
    return net_offer(order, lines, waived=waived, later=later)


def _read(root: int, rows: Sequence[Sequence[Any]]) -> Sold:
    """The order itself comes before what followed it: its id is smaller."""
    offers = _trace_offers([line for row in rows for line in row[-1]])
    waived = {offer["id"]: _amount(offer["waived"]) for offer in rows[0][-2]}
    return Sold(root, [_order(row, offers) for row in rows], waived)


def _trace_offers(lines: Sequence[Sequence[Any]]) -> dict[int, int]:
    """By line the offer that put it there, or the line in whose stead it is."""
    follows = {line: earlier for *_, line, earlier in lines}
    offers = {line: offer for *_, offer, line, _ in lines if offer is not None}
    for line in follows:
        way = [line]
        while way[-1] not in offers and (earlier := follows.get(way[-1])) is not None:
            way.append(earlier)
        if found := offers.get(way[-1]):
            offers |= dict.fromkeys(way, found)
    return offers


def _order(row: Sequence[Any], offers: Mapping[int, int]) -> SoldOrder:
    _, _, currency, included, total, tax, discount, credited, given, paid, _, lines = row
    sold = [_line(line, offers) for line in lines]
    return SoldOrder(currency, included, total, tax, discount, credited, given, sold, paid)


def _line(row: Sequence[Any], offers: Mapping[int, int]) -> SoldLine:
    *amounts, cost, _, line, _ = row
    quantity, left, price, discount, tax = map(Decimal, amounts)
    return SoldLine(quantity, left, price, discount, tax, _amount(cost), offers.get(line))


def _amount(text: str | None) -> Decimal | None:
    return None if text is None else Decimal(text)
