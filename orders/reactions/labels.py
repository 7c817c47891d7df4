"""A warehouse that is asked to send something needs a label for it."""

from collections.abc import Sequence

from django.db import transaction

from oms.sql import fetch_all
from orders.actions.shipping.labelling import want_labels
from orders.events import FulfillmentRequested

_LOCK = "SELECT FROM orders_order WHERE number = ANY(%s) ORDER BY id FOR NO KEY UPDATE"


@transaction.atomic
def want_labels_of_requested(told: Sequence[FulfillmentRequested]) -> None:
    """One each, chosen among the offers of today. Those that have one, or were withdrawn meanwhile, are left alone."""
    fetch_all(_LOCK, [sorted({event.subject for event in told})])
    numbers = [str(event.facts["fulfillment"]) for event in told]
    want_labels(numbers, by="system", at=max(event.at for event in told))
