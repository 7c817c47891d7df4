"""What an order's own page tells of: its rows by one statement, and of them what the page says."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from decimal import Decimal

from inventory.models import Variant
from oms.models import EventRecord
from oms.reading import Part, fetch_joined
from orders.models import Checkout, Edit, Hold, Order, OrderLine, Repayment

MOST_EVENTS = 40


@dataclass(frozen=True, slots=True, kw_only=True)
class PageRows:
    """`holds`: all, closed ones included. `lines`: without those that an edit took away, each with its variant.

    `checkouts`: that wait for the customer. `events`: the newest first. `repaying`: on its way back to the customer.
    """

    holds: Sequence[Hold]
    edit: Edit | None
    lines: Sequence[OrderLine]
    checkouts: Sequence[Checkout]
    events: Sequence[EventRecord]
    repaying: Decimal | None


_LINE = ("id", "kind", "sku", "title", "quantity", "cancelled_quantity", "fulfilled_quantity", "unit_price", "discount")
_HOLD = ("id", "reason", "detail", "rule", "facts", "staff_only", "until", "opened_at", "closed_at", "closed_because")
_PARTS = (
    Part("l", OrderLine, frozenset({*_LINE, "position", "variant_id"})),
    Part("v", Variant, frozenset({"id", "options"})),
    Part("h", Hold, frozenset(_HOLD)),
    Part("e", Edit, frozenset({"id", "state", "deadline"})),
    Part("c", Checkout, frozenset({"id", "edit_id", "url", "amount", "currency"})),
    Part("r", Repayment, frozenset({"id", "amount"})),
    Part("n", EventRecord, frozenset({"id", "type", "by", "at", "facts"})),
)
# No row of one goes with a row of another: each comes beside nothing.
_ROWS = f"""
SELECT {{columns}}
FROM (SELECT * FROM orders_orderline WHERE order_id = %(order)s AND quantity > 0) AS l
LEFT JOIN inventory_variant v ON v.id = l.variant_id
FULL JOIN (SELECT * FROM orders_hold WHERE order_id = %(order)s) AS h ON FALSE
FULL JOIN (
    SELECT * FROM orders_edit WHERE order_id = %(order)s AND state IN ('AWAITING_APPROVAL', 'AWAITING_PAYMENT')
) AS e ON FALSE
FULL JOIN (SELECT * FROM orders_checkout WHERE order_id = %(order)s AND state IN ('REQUESTED', 'OPEN')) AS c ON FALSE
FULL JOIN (
    SELECT * FROM orders_repayment WHERE order_id = %(order)s AND state IN ('WAITING', 'BY_HAND', 'PENDING')
) AS r ON FALSE
FULL JOIN (
    SELECT * FROM oms_eventrecord WHERE subject_kind = 'order' AND subject = %(number)s AND type = ANY(%(types)s)
    ORDER BY sequence DESC LIMIT {MOST_EVENTS}
) AS n ON FALSE
ORDER BY l.position, n.sequence DESC
"""  # noqa: S608 - a number of ours


def read_page_rows(order: Order, *, event_types: Collection[str]) -> PageRows:
    asked = {"order": order.pk, "number": order.number, "types": list(event_types)}
    rows = fetch_joined(_PARTS, _ROWS, asked)
    for line, variant, *_ in rows:
        if line is not None:
            line.variant = variant
    lines, _, holds, edits, checkouts, repayments, events = (
        [row[place] for row in rows if row[place] is not None] for place in range(len(_PARTS))
    )
    return PageRows(
        holds=holds,
        edit=edits[0] if edits else None,
        lines=lines,
        checkouts=checkouts,
        events=events,
        repaying=sum(each.amount for each in repayments) or None,
    )
