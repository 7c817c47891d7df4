"""What units of an order are worth now, beside what other returns speak for, in three statements."""

from collections.abc import Iterable, Mapping
from decimal import Decimal

from django.db.models import Q, QuerySet, Sum

from orders.models import Order, OrderLine
from returns.models import Return, ReturnItem
from returns.policies.amounts import NOTHING, UNTAKEN, LineShare, SoldLine, Taken, Worth, share_lines

_FREE = Q(reception=ReturnItem.Reception.CANCELED) | Q(of__status__in=[Return.Status.DECLINED, Return.Status.CANCELED])
"""What will not come back any more: its units, and what they are worth, are there for another return."""


def read_worths(order: Order, units: Mapping[int, Decimal]) -> dict[int, Worth]:
    """By line id, what so many more units of each are worth: no more than the order has not given back yet.

    Under the order's lock, or for a preview.
    """
    taken = read_taken(order, units)
    shares = read_shares(order)
    left = order.total - order.credited - _promised(order)
    worths = {}
    for line, quantity in units.items():
        worth = shares[line].worth_of(quantity, taken.get(line, UNTAKEN)) if line in shares else Worth()
        value = max(min(worth.value, left), NOTHING)
        worths[line] = Worth(value, min(worth.tax, value))
        left -= value
    return worths


def read_shares(order: Order) -> dict[int, LineShare]:
    """By line id, what each line of the order cost with its share of the order's discount."""
    columns = ("id", "quantity", "unit_price", "discount", "tax")
    lines = [SoldLine(*row) for row in OrderLine.objects.filter(order=order).order_by("id").values_list(*columns)]
    on_lines = sum((line.discount for line in lines), NOTHING)
    return share_lines(
        lines,
        order_discount=max(order.discount_total - on_lines, NOTHING),
        tax_included=order.tax_included,
        currency=order.currency,
    )


def read_taken(order: Order, lines: Iterable[int]) -> dict[int, Taken]:
    """By line id, the units that returns speak for."""
    return _sum_up(ReturnItem.objects.filter(line__order=order, line__in=list(lines)))


def read_taken_of_orders(orders: Iterable[int]) -> dict[int, Taken]:
    """The same for all lines of many orders, by their ids."""
    return _sum_up(ReturnItem.objects.filter(line__order__in=list(orders)))


def _sum_up(items: QuerySet[ReturnItem]) -> dict[int, Taken]:
    sums = items.exclude(_FREE).order_by().values_list("line").annotate(Sum("quantity"), Sum("value"), Sum("tax"))
    return {line: Taken(quantity, Worth(value, tax)) for line, quantity, value, tax in sums}


def _promised(order: Order) -> Decimal:
    """What open returns may yet have to give."""
    waiting = ReturnItem.objects.filter(line__order=order, settlement=None).exclude(_FREE)
    waiting = waiting.exclude(acceptance=ReturnItem.Acceptance.REJECTED)
    return waiting.aggregate(sum=Sum("value"))["sum"] or NOTHING
