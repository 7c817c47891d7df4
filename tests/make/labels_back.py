"""Labels under which goods come back, wanted by the product's own action."""

from typing import Any

from django.db import transaction

from orders.actions.shipping.labelling import want_labels_back
from orders.models import Label, Order
from orders.queries.shipping.wanted_back import WayBack
from tests.make.carriers import to_send
from tests.make.fulfillments import ship
from tests.make.moments import ADA, NOON


def sent_order(**fields: Any) -> Order:
    """An order whose one parcel has left."""
    fulfillment = to_send(**fields)
    ship(fulfillment.number)
    return fulfillment.order


def want_back(order: Order, *numbers: str) -> list[Label]:
    """Its units back under a label, once for each of these return numbers; the newest of each."""
    numbers = numbers or ("1001-R1",)
    with transaction.atomic():
        Order.objects.locked(order.number)
        want_labels_back([way_back(order, each) for each in numbers], by=ADA, at=NOON)
    return [Label.objects.filter(rma=each).latest("id") for each in numbers]


def way_back(order: Order, number: str = "1001-R1") -> WayBack:
    """All its units, to where they came from."""
    units = dict(order.lines.values_list("id", "fulfilled_quantity"))
    return WayBack(rma=number, order=order.number, warehouse=order.fulfillments.get().warehouse_id, units=units)


def label_back(**fields: Any) -> Label:
    return want_back(sent_order(**fields))[0]
