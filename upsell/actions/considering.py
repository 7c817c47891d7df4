"""What campaigns thought of an order is on record, one row a campaign and place: thought again, the same, it stays as
it was first thought.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from oms.events import as_json
from oms.sql import fetch_all
from orders.absences import OrderNotFound
from orders.models import Order
from upsell.queries.considering import Thought

# A part of other statements, which say what `o` is. Looked up first: where nothing is new nothing is locked or written.
NOTED = """
noted AS (
    INSERT INTO upsell_consideration AS c
        (order_id, campaign_id, placement, at, shown, excluded, unoffered, model)
    SELECT o.id, r.campaign, %(placement)s::text, %(at)s, ARRAY(SELECT jsonb_array_elements_text(r.shown)), r.excluded,
           r.unoffered, r.model
    FROM o CROSS JOIN jsonb_to_recordset(%(thoughts)s::jsonb)
         AS r(campaign bigint, shown jsonb, excluded jsonb, unoffered text, model bigint)
    WHERE NOT EXISTS (
        SELECT FROM upsell_consideration k
        WHERE k.order_id = o.id AND k.campaign_id = r.campaign AND k.placement = %(placement)s::text
          AND (to_jsonb(k.shown), k.excluded, k.unoffered, k.model)
              IS NOT DISTINCT FROM (r.shown, r.excluded, r.unoffered, r.model)
    )
    ORDER BY r.campaign
    ON CONFLICT ON CONSTRAINT one_consideration_a_place DO UPDATE
    SET at = excluded.at, shown = excluded.shown, excluded = excluded.excluded, unoffered = excluded.unoffered,
        model = excluded.model
    WHERE (c.shown, c.excluded, c.unoffered, c.model)
          IS DISTINCT FROM (excluded.shown, excluded.excluded, excluded.unoffered, excluded.model)
)
"""
_LOCKED = f"""
WITH o AS MATERIALIZED (SELECT id FROM orders_order WHERE id = %(order)s FOR NO KEY UPDATE), {NOTED}
SELECT id FROM o
"""  # noqa: S608 - our own words, no input


def lock_and_note(order: Order, thoughts: Sequence[Thought], placement: str, *, at: datetime) -> None:
    """Lock the order, and note what was thought of it.

    Raises:
        OrderNotFound
    """
    asked = {"order": order.pk, "placement": placement, "at": at, "thoughts": as_rows(thoughts)}
    if not fetch_all(_LOCKED, asked):
        raise OrderNotFound(order.number)


def as_rows(thoughts: Sequence[Thought]) -> str:
    """What `NOTED` takes."""
    return as_json([_row(thought) for thought in thoughts])


def _row(thought: Thought) -> dict[str, Any]:
    return {
        "campaign": thought.campaign.pk,
        "shown": [sku for draft in thought.drafts for sku in draft.skus],
        "excluded": [{"sku": each.sku, "reason": each.reason, "facts": each.facts} for each in thought.excluded],
        "unoffered": thought.unoffered or "",
        "model": thought.recommender_id,
    }
