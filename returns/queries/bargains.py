"""What a return comes to as it was agreed, and what of it was settled: what every sum is made of."""

from django.db.models import Sum

from returns.models import Return, ReturnItem
from returns.policies.amounts import NOTHING
from returns.policies.figures import Bargain, Settled


def read_bargain(return_: Return) -> Bargain:
    """What was agreed on when it was asked for; items that were split still sum to it."""
    value = ReturnItem.objects.filter(of=return_).aggregate(sum=Sum("value"))["sum"] or NOTHING
    return Bargain(
        value=value,
        shipping=return_.shipping_refund,
        label_fee=return_.label_fee,
        restocking_fee=return_.restocking_fee,
        currency=return_.order.currency,
    )


def read_settled(return_: Return) -> Settled:
    """The value is the items' own, as agreed: what was given for them may have been less."""
    sums = return_.settlements.aggregate(Sum("shipping"), Sum("fees"))
    value = ReturnItem.objects.filter(of=return_, settlement__isnull=False).aggregate(sum=Sum("value"))["sum"]
    return Settled(value or NOTHING, sums["shipping__sum"] or NOTHING, sums["fees__sum"] or NOTHING)
