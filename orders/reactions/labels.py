"""A warehouse that is asked to send something needs a label for it."""

from collections.abc import Sequence

from django.db import transaction

from oms.sql import fetch_all
from orders.actions.shipping.labelling import want_labels
from orders.events import FulfillmentHoldReleased, FulfillmentOpened, FulfillmentRequested
from orders.models import CarrierAccount, Fulfillment

_LOCK = "SELECT FROM orders_order WHERE number = ANY(%s) ORDER BY id FOR NO KEY UPDATE"


@transaction.atomic
def want_labels_of_requested(
    told: Sequence[FulfillmentRequested | FulfillmentOpened | FulfillmentHoldReleased],
) -> None:
    """One each, chosen among the offers of today. Those that have one, that wait, or were withdrawn meanwhile, are left
    alone.

    Partners print labels of their own, or ask for ours; and where no carrier is set up labels are made elsewhere.
    """
    if not CarrierAccount.objects.filter(active=True).exists():
        return
    fetch_all(_LOCK, [sorted({event.subject for event in told})])
    named = Fulfillment.objects.filter(number__in=[event.facts["fulfillment"] for event in told])
    numbers = list(named.filter(warehouse__partner=False).order_by("id").values_list("number", flat=True))
    want_labels(numbers, by="system", at=max(event.at for event in told))
