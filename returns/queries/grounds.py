"""What is known of an order of which something is to come back: one statement, however many lines it has."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from oms.sql import fetch_one
from orders.models import Order
from returns.policies.amounts import LineShare, SoldLine, Taken, Worth, share_lines
from returns.policies.deciding import Rule
from returns.policies.methods import Surroundings
from returns.queries.abuse_facts import PERSON
from returns.queries.surroundings import SURROUNDINGS

MOST_TOLD = 3
"""Events of a return that is new: that it was asked for, that it is a withdrawal, and what was decided."""


@dataclass(frozen=True, slots=True)
class BoughtLine:
    """A line as returns see it. `categories`: its product's and those above; `taken`: what other returns speak for."""

    id: int
    kind: str
    sku: str
    title: str
    quantity: Decimal
    cancelled: Decimal
    fulfilled: Decimal
    returned: Decimal
    unit_price: Decimal
    discount: Decimal
    tax: Decimal
    variant_id: int | None
    product_id: int | None
    divisible: bool
    options: Mapping[str, Any]
    brand: str
    categories: frozenset[str]
    taken: Taken

    @property
    def left(self) -> Decimal:
        """Units that were sent and that no return speaks for."""
        return self.fulfilled - self.returned


@dataclass(frozen=True, slots=True)
class Reason:
    """One of the list that customers choose from."""

    id: int
    code: str
    root_cause: str
    needs_photo: bool
    needs_comment: bool
    merchant_fault: bool


@dataclass(frozen=True, slots=True)
class Wanted:
    """A variant that is wanted in exchange. `available`: what may be promised of it now."""

    id: int
    sku: str
    product_id: int
    active: bool
    available: Decimal


@dataclass(frozen=True, slots=True)
class Ground:
    """All of it. `earlier_returns` are those of the customer, `shipping_given` what of the shipping went back, and
    `promised` what this order's open returns may yet have to give; `spent_credit`: some of it was paid with credit;
    `person` is who bought, as abuse is judged by.
    """

    lines: Mapping[int, BoughtLine]
    shares: Mapping[int, LineShare]
    reasons: Mapping[str, Reason]
    wanted: Mapping[str, Wanted]
    rules: tuple[Rule, ...]
    channel: str
    tier: str
    earlier_returns: int
    last_sequence: int
    shipping_given: Decimal
    promised: Decimal
    around: Surroundings
    spent_credit: bool
    person: Sequence[Any]
    key: int
    item_keys: Sequence[int]
    event_keys: Sequence[int]
    """Drawn for the return that is about to be written, for its items, and for the most that can be told of it."""


def read_ground(order: Order, *, reasons: Collection[str] = (), skus: Collection[str] = (), items: int = 0) -> Ground:
    """`reasons` and `skus`: those that are named; what there is not is left out. `items`: how many will be written."""
    named = {"order": order.pk, "customer": order.customer_id, "reasons": sorted(reasons), "skus": sorted(skus)}
    row = fetch_one(_READ, named | {"items": items, "told": MOST_TOLD if items else 0})
    lines, known, wanted, rules, channel, tier, earlier, last, shipping, promised, around, spent, person, *keys = row
    key, item_keys, event_keys = keys
    bought = {line["id"]: _read_line(line) for line in lines}
    return Ground(
        lines=bought,
        shares=_share(order, bought),
        reasons={row["code"]: Reason(**row) for row in known},
        wanted={row["sku"]: Wanted(**row | {"available": Decimal(row["available"])}) for row in wanted},
        rules=tuple(Rule(**row) for row in rules),
        channel=channel,
        tier=tier,
        earlier_returns=earlier,
        last_sequence=last,
        shipping_given=shipping,
        promised=promised,
        around=Surroundings(**around),
        spent_credit=spent,
        person=person,
        key=key,
        item_keys=item_keys or (),
        event_keys=event_keys or (),
    )


def _read_line(row: dict[str, Any]) -> BoughtLine:
    amounts = {name: Decimal(row[name]) for name in _FIGURES}
    units, value, tax = (Decimal(row.pop(f"taken_{name}")) for name in ("units", "value", "tax"))
    taken = Taken(units, Worth(value, tax))
    return BoughtLine(**row | amounts | {"categories": frozenset(row["categories"]), "taken": taken})


def _share(order: Order, lines: Mapping[int, BoughtLine]) -> Mapping[int, LineShare]:
    sold = [SoldLine(each.id, each.quantity, each.unit_price, each.discount, each.tax) for each in lines.values()]
    on_lines = sum((line.discount for line in sold), Decimal(0))
    return share_lines(
        sold,
        order_discount=max(order.discount_total - on_lines, Decimal(0)),
        tax_included=order.tax_included,
        currency=order.currency,
    )


_FIGURES = ("quantity", "cancelled", "fulfilled", "returned", "unit_price", "discount", "tax")

_LINES = """
SELECT l.id, l.kind, l.sku, l.title, l.quantity::text, l.cancelled_quantity::text AS cancelled,
    l.fulfilled_quantity::text AS fulfilled, l.returned_quantity::text AS returned,
    l.unit_price::text, l.discount::text, l.tax::text,
    l.variant_id, v.product_id, coalesce(v.divisible, l.quantity <> trunc(l.quantity)) AS divisible,
    coalesce(v.options, '{}') AS options, coalesce(p.brand, '') AS brand,
    coalesce((
        WITH RECURSIVE path AS (
            SELECT c.code, c.parent_id FROM inventory_category c WHERE c.id = p.category_id
            UNION ALL SELECT c.code, c.parent_id FROM inventory_category c JOIN path ON c.id = path.parent_id
        ) SELECT json_agg(code) FROM path
    ), '[]') AS categories,
    coalesce(taken.units, 0)::text AS taken_units, coalesce(taken.value, 0)::text AS taken_value,
    coalesce(taken.tax, 0)::text AS taken_tax
FROM orders_orderline l
LEFT JOIN inventory_variant v ON v.id = l.variant_id LEFT JOIN inventory_product p ON p.id = v.product_id
LEFT JOIN LATERAL (
    SELECT sum(i.quantity) AS units, sum(i.value) AS value, sum(i.tax) AS tax FROM returns_returnitem i
    JOIN returns_return r ON r.id = i.of_id
    WHERE i.line_id = l.id AND r.status NOT IN ('DECLINED', 'CANCELED') AND i.reception <> 'CANCELED'
) AS taken ON TRUE
WHERE l.order_id = o.id ORDER BY l.position
"""
_REASONS = """
SELECT id, code, root_cause, needs_photo, needs_comment, merchant_fault
FROM returns_returnreason WHERE code = ANY(%(reasons)s::text[])
"""
_WANTED = """
SELECT v.id, v.sku, v.product_id, v.active, coalesce(a.sellable - a.promised, 0)::text AS available
FROM inventory_variant v LEFT JOIN inventory_availability a ON a.variant_id = v.id
WHERE v.sku = ANY(%(skus)s::text[])
"""
_RULES = "SELECT id, name, verdict, explanations, conditions FROM returns_returnrule WHERE active ORDER BY position, id"
_EARLIER = """
SELECT count(*) FROM returns_return r JOIN orders_order other ON other.id = r.order_id
WHERE other.customer_id = %(customer)s::bigint AND r.status <> 'CANCELED'
"""
_RETURNS = """
SELECT coalesce(max(r.sequence), 0) AS last,
    coalesce(sum(r.shipping_refund) FILTER (WHERE r.status NOT IN ('DECLINED', 'CANCELED')), 0) AS shipping,
    coalesce(sum(open.value) FILTER (WHERE r.status NOT IN ('DECLINED', 'CANCELED')), 0) AS promised
FROM returns_return r CROSS JOIN LATERAL (
    SELECT sum(i.value) FILTER (
        WHERE i.settlement_id IS NULL AND i.reception <> 'CANCELED' AND i.acceptance <> 'REJECTED') AS value
    FROM returns_returnitem i WHERE i.of_id = r.id
) AS open
WHERE r.order_id = o.id
"""
"""Items are filtered once they are found by their return: of those that wait to be settled there are many."""
_READ = f"""
SELECT (SELECT coalesce(json_agg(each), '[]') FROM ({_LINES}) AS each),
    (SELECT coalesce(json_agg(each), '[]') FROM ({_REASONS}) AS each),
    (SELECT coalesce(json_agg(each), '[]') FROM ({_WANTED}) AS each),
    (SELECT coalesce(json_agg(each), '[]') FROM ({_RULES}) AS each),
    c.code, coalesce(u.tier, ''), ({_EARLIER}), of_order.last, of_order.shipping, of_order.promised,
    ({SURROUNDINGS}),
    EXISTS (SELECT FROM orders_payment WHERE order_id = o.id AND gateway = 'store_credit'),
    {PERSON},
    nextval('returns_return_id_seq'),
    (SELECT array_agg(nextval('returns_returnitem_id_seq')) FROM generate_series(1, %(items)s::int)),
    (SELECT array_agg(nextval('oms_eventrecord_id_seq')) FROM generate_series(1, %(told)s::int))
FROM orders_order o JOIN oms_channel c ON c.id = o.channel_id LEFT JOIN orders_customer u ON u.id = o.customer_id
CROSS JOIN LATERAL ({_RETURNS}) AS of_order
WHERE o.id = %(order)s::bigint
"""
