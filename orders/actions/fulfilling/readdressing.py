"""Another address for what a warehouse has in its hands: a label that was bought goes back, another one is bought."""

from collections.abc import Sequence
from datetime import datetime

from oms import events
from oms.writing import update_rows
from orders.actions.shipping.discarding import discard_labels
from orders.actions.shipping.labelling import want_labels
from orders.events import FulfillmentReaddressed
from orders.models import Fulfillment, Label, Order


def readdress_fulfillments(order: Order, in_hand: Sequence[Fulfillment], *, by: str, at: datetime) -> None:
    """Send them to the order's address as it is now. The fulfillments and the order must be locked."""
    relabelled = list(
        Label.objects.filter(fulfillment__in=in_hand, state__in=Label.LIVE).values_list("fulfillment_id", flat=True)
    )
    for each in in_hand:
        each.address_id = order.shipping_address_id
        each.version += 1
        each.hands += 1
    update_rows(in_hand, ["address_id", "version", "hands"])
    discard_labels(relabelled, by=by, at=at)
    want_labels([each.number for each in in_hand if each.pk in relabelled], by=by, at=at)
    events.publish([_told(order, each, relabelled, by=by, at=at) for each in in_hand])


def _told(
    order: Order, each: Fulfillment, relabelled: Sequence[int], *, by: str, at: datetime
) -> FulfillmentReaddressed:
    facts = {"fulfillment": each.number, "warehouse": each.warehouse.code, "new_label": each.pk in relabelled}
    return FulfillmentReaddressed(subject=order.number, by=by, at=at, facts=facts)
