"""New orders lose what they were to bring for goods that do not come back, or were not accepted."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal

from orders.actions.cancelling import cancel_order
from orders.actions.edits.editing import edit_order
from orders.models import Order
from returns.models import ReturnItem

ACTOR = "STAFF"


def shrink_new_orders(items: Sequence[ReturnItem], *, by: str, at: datetime) -> None:
    """Take the units of these items off the orders that wait for them; one that has nothing left is cancelled.

    What has left already stays: nothing was settled for it, so it is not paid and did not go out.
    """
    by_order: dict[int, list[ReturnItem]] = defaultdict(list)
    for item in items:
        if item.new_order_id is not None:
            by_order[item.new_order_id].append(item)
    for new in Order.objects.filter(id__in=by_order).order_by("id"):
        if new.status == Order.Status.HELD:
            _shrink(new, by_order[new.pk], by=by, at=at)


def _shrink(new: Order, items: Sequence[ReturnItem], *, by: str, at: datetime) -> None:
    off: dict[str, Decimal] = defaultdict(Decimal)
    roots = _roots(items)
    for item in items:
        off[str(roots[item.pk])] += item.quantity
    lines = list(new.lines.filter(quantity__gt=0))
    left = {line.pk: line.open_quantity - off.get(line.external_id, Decimal(0)) for line in lines}
    if all(quantity <= 0 for quantity in left.values()):
        cancel_order(number=new.number, reason="Nothing came back for it.", by=by, at=at)
        return
    operations = [
        {"op": "cancel_line", "line": line.pk}
        if left[line.pk] <= 0
        else {"op": "set_quantity", "line": line.pk, "quantity": str(left[line.pk])}
        for line in lines
        if line.external_id in off
    ]
    edit_order(number=new.number, operations=operations, actor=ACTOR, by=by, at=at)


def _roots(items: Sequence[ReturnItem]) -> dict[int, int]:
    """By item, the one it was split off from at first: that is the name of its line."""
    parents = dict(ReturnItem.objects.filter(of=items[0].of_id).values_list("id", "split_from"))
    return {item.pk: _root(item.pk, parents) for item in items}


def _root(item: int, parents: dict[int, int | None]) -> int:
    parent = parents.get(item)
    return item if parent is None else _root(parent, parents)
