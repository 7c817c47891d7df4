"""Agreeing on less: what an order has given back by now in other ways is not there for its return any more."""

from datetime import datetime
from decimal import Decimal

from django.db.models import Q

from oms import events
from oms.money import round_amount, split_amount
from oms.transactions import transactional
from oms.writing import update_rows
from orders.actions.money.giving import left_to_credit
from returns.actions.locking import lock_return
from returns.errors import ReturnNotOpen
from returns.events import ReturnReappraised
from returns.models import Return, ReturnItem
from returns.policies.amounts import NOTHING
from returns.policies.figures import figure
from returns.queries.bargains import read_bargain, read_settled


@transactional
def reappraise_return(*, number: str, because: str, by: str, at: datetime) -> Decimal:
    """Lower what is still to be given, shipping first, until the order has as much left; by how much. Where it has,
    nothing changes.

    Raises:
        ReturnNotFound, ReturnNotOpen.
    """
    found = lock_return(number)
    if found.status != Return.Status.OPEN:
        raise ReturnNotOpen(number, found.status)
    excess = find_excess(found)
    if excess <= 0:
        return NOTHING

    of_shipping = min(excess, found.shipping_refund)
    found.shipping_refund -= of_shipping
    _lower(found, _list_waiting(found), excess - of_shipping)
    found.touch("shipping_refund", at=at)
    amount = round_amount(excess, found.order.currency)
    facts = {
        "order": found.order.number,
        "less": str(amount),
        "currency": found.order.currency,
        "because": because,
    }
    events.publish([ReturnReappraised(subject=number, by=by, at=at, facts=facts)])
    return amount


def find_excess(found: Return) -> Decimal:
    """How much more was agreed on than the order has left; 0 or less where it has enough. The return has its order."""
    value = sum((item.value for item in _list_waiting(found)), NOTHING)
    due = figure(read_bargain(found), value, before=read_settled(found)).given
    return due - left_to_credit(found.order)


def _list_waiting(found: Return) -> list[ReturnItem]:
    """For which something may still be given."""
    open_items = found.items.filter(settlement=None, line__isnull=False).order_by("id")
    gone = open_items.filter(Q(reception=ReturnItem.Reception.CANCELED) | Q(acceptance=ReturnItem.Acceptance.REJECTED))
    return list(open_items.exclude(pk__in=gone))


def _lower(found: Return, waiting: list[ReturnItem], amount: Decimal) -> None:
    values = [item.value for item in waiting]
    amount = min(amount, sum(values, NOTHING))
    if amount <= 0:
        return
    for item, less in zip(waiting, split_amount(amount, values, found.order.currency), strict=True):
        item.value -= less
        item.tax = min(item.tax, item.value)
    update_rows(waiting, ["value", "tax"])
