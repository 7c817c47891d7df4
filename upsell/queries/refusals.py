"""What a customer does not want to be offered, as far as it stands."""

from orders.models import Order
from upsell.models import Refusal
from upsell.models.refusal import RefusalQuerySet


def list_standing(order: Order) -> RefusalQuerySet:
    """Of the order's customer, whichever order they said it with; of a buyer without an address, of that order."""
    standing: RefusalQuerySet = Refusal.objects.standing()
    if order.customer_id:
        return standing.filter(customer_id=order.customer_id)
    return standing.filter(customer=None, order=order)
