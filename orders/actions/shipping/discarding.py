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
WHERE state IN ('WANTED', 'BOUGHT') AND {whose}
"""
_OF_FULFILLMENTS = _DISCARD.format(whose="fulfillment_id = ANY(%(whose)s::bigint[])")
_OF_RETURNS = _DISCARD.format(whose="rma = ANY(%(whose)s::text[])")

# What nobody took waits for a person no longer.
_FORGET_REFUSED = """
UPDATE orders_label SET state = 'WITHDRAWN' WHERE rma = ANY(%(whose)s::text[]) AND state = 'REFUSED'
"""


def discard_labels(fulfillment_ids: Sequence[int], *, by: str, at: datetime) -> None:
    """Nobody prints these any more: what was bought is voided by a worker, what was only wanted is withdrawn."""
    fetch_all(_OF_FULFILLMENTS, {"whose": list(fulfillment_ids), "at": at})


def discard_labels_back(rma: Sequence[str], *, by: str, at: datetime) -> None:
    """The same for these returns, under the locks of their orders."""
    fetch_all(_OF_RETURNS, {"whose": list(rma), "at": at})
    fetch_all(_FORGET_REFUSED, {"whose": list(rma)})
