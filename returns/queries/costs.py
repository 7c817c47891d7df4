"""The raw rows that a return's costs are reckoned from."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from oms.sql import fetch_all
from orders.policies.routing.duties import convert_value
from returns.policies.costs import CostFacts, CostItem, CostLabel, CostSettlement

NOTHING = Decimal(0)

# A shipment's label is shared among the units in it.
_READ = """
SELECT r.id, r.number, o.currency, r.received_at IS NOT NULL,
       (SELECT json_build_array(reason->>'duty', reason->>'currency')
        FROM jsonb_array_elements(r.node_reasons) AS reason WHERE (reason->>'chosen')::boolean LIMIT 1),
       coalesce(n.handling_cost, 0)::text, coalesce(n.currency, o.currency), coalesce(n.resale_percent, 60),
       (SELECT json_agg(json_build_object(
            'id', i.id, 'quantity', i.quantity::text, 'value', (i.value - i.tax)::text,
            'seen', i.acceptance IN ('ACCEPTED', 'REJECTED') OR i.reception = 'LOST',
            'came', i.reception = 'RECEIVED', 'grade', i.grade, 'disposition', i.disposition,
            'each', sent.each::text, 'currency', sent.currency) ORDER BY i.id)
        FROM returns_returnitem i LEFT JOIN LATERAL (
            SELECT sum(sl.quantity * lb.cost / packed.units) / sum(sl.quantity) AS each, max(lb.currency) AS currency
            FROM orders_fulfillmentline fl
            JOIN orders_shipmentline sl ON sl.fulfillment_line_id = fl.id
            JOIN orders_shipment s ON s.id = sl.shipment_id
            JOIN orders_label lb ON lb.fulfillment_id = s.fulfillment_id AND lb.tracking_number = s.tracking_number
                AND lb.cost IS NOT NULL AND lb.tracking_number <> ''
            JOIN LATERAL (
                SELECT sum(p.quantity) AS units FROM orders_shipmentline p WHERE p.shipment_id = s.id
            ) packed ON true
            WHERE fl.order_line_id = i.line_id
        ) sent ON true
        WHERE i.of_id = r.id AND i.reception <> 'CANCELED'),
       (SELECT json_agg(json_build_array(lb.id, lb.cost::text, lb.currency) ORDER BY lb.id)
        FROM returns_returnparcel p JOIN orders_label lb ON lb.id = p.label_id
        WHERE p.of_id = r.id AND p.scanned_at IS NOT NULL AND lb.cost IS NOT NULL),
       (SELECT json_agg(json_build_array(s.id, s.bonus::text, s.fees::text) ORDER BY s.id)
        FROM returns_settlement s WHERE s.of_id = r.id)
FROM returns_return r JOIN orders_order o ON o.id = r.order_id LEFT JOIN returns_returnnode n ON n.id = r.node_id
WHERE r.number = ANY(%(numbers)s::text[]) ORDER BY r.id
"""


@dataclass(frozen=True, slots=True)
class Reckoning:
    """A return to be reckoned: its row's id, and what is known."""

    id: int
    facts: CostFacts


def read_cost_facts(numbers: Sequence[str], *, at: datetime) -> list[Reckoning]:
    """Those of these returns that there are, in one statement. Other currencies are converted by the reference rates of
    the day; what has none stands as it is.
    """
    return [_reckoning(row, at.date()) for row in fetch_all(_READ, {"numbers": list(numbers)})]


def _reckoning(row: Sequence[Any], day: date) -> Reckoning:
    key, number, currency, arrived, duty, handling, handled_in, resale, items, labels, settlements = row

    def here(amount: str | None, of: str | None) -> Decimal:
        worth = Decimal(amount or 0)
        converted = convert_value(worth, currency=of or currency, into=currency, at=day)
        return worth if converted is None else converted

    each = here(handling, handled_in)
    facts = CostFacts(
        number=number,
        currency=currency,
        arrived=arrived,
        duty=here(*duty) if duty else NOTHING,
        items=[_item(one, each, resale, here(one["each"], one["currency"])) for one in items or ()],
        labels=[CostLabel(id=label, cost=here(cost, of)) for label, cost, of in labels or ()],
        settlements=[
            CostSettlement(id=paid, bonus=Decimal(bonus), fees=Decimal(fees)) for paid, bonus, fees in settlements or ()
        ],
    )
    return Reckoning(key, facts)


def _item(row: Mapping[str, Any], handling: Decimal, resale: int, freight: Decimal) -> CostItem:
    quantity = Decimal(row["quantity"])
    return CostItem(
        id=row["id"],
        quantity=quantity,
        value=max(Decimal(row["value"]), NOTHING),
        freight_out=freight * quantity,
        seen=row["seen"],
        came=row["came"],
        grade=row["grade"],
        disposition=row["disposition"],
        handling=handling,
        resale_percent=resale,
    )
