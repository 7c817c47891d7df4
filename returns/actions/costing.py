"""Noting what returns cost and bring, as it becomes certain: each part once, never changed."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from oms.events import as_json
from oms.sql import fetch_all
from oms.transactions import transactional
from returns.policies.costs import Cost, reckon_costs
from returns.queries.costs import read_cost_facts

_NOTE = """
INSERT INTO returns_returncost (of_id, item_id, kind, amount, currency, note, key, at)
SELECT c.of_id, c.item_id, c.kind, c.amount, c.currency, '', c.key, c.at
FROM json_to_recordset(%(rows)s::json) AS c(
    of_id bigint, item_id bigint, kind text, amount numeric, currency text, key text, at timestamptz
)
ON CONFLICT (key) DO NOTHING RETURNING id
"""


@transactional
def note_costs(numbers: Sequence[str], *, at: datetime) -> int:
    """What is certain by now of these returns and not noted yet; how many parts were new. Two statements."""
    rows = [
        _row(each.id, cost, each.facts.currency, at)
        for each in read_cost_facts(numbers, at=at)
        for cost in reckon_costs(each.facts)
    ]
    return len(fetch_all(_NOTE, {"rows": as_json(rows)})) if rows else 0


def _row(of: int, cost: Cost, currency: str, at: datetime) -> dict[str, Any]:
    return {
        "of_id": of,
        "item_id": cost.item,
        "kind": cost.kind,
        "amount": cost.amount,
        "currency": currency,
        "key": cost.key,
        "at": at,
    }
