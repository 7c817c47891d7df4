"""Labels that are not wanted any more, within the transaction that makes them needless."""

from collections.abc import Sequence
from datetime import datetime

from oms.sql import fetch_all

# One that may have been bought already, for all we know, is asked about before it is given up.
_DISCARD = """
UPDATE orders_label SET
    state = CASE WHEN state = 'WANTED' AND NOT doubtful AND (leased_until IS NULL OR leased_until < %(at)s)
                 THEN 'WITHDRAWN' ELSE 'VOIDING' END,
    run_after = %(at)s, attempts = 0
WHERE fulfillment_id = ANY(%(fulfillments)s::bigint[]) AND state IN ('WANTED', 'BOUGHT')
"""


def discard_labels(fulfillment_ids: Sequence[int], *, by: str, at: datetime) -> None:
    """Nobody prints these any more: what was bought is voided by a worker, what was only wanted is withdrawn."""
    fetch_all(_DISCARD, {"fulfillments": list(fulfillment_ids), "at": at})
