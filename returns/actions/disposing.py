"""Goods that came back go into stock, each by what was decided on it: through movements, once."""

from collections.abc import Sequence
from datetime import datetime

from inventory.actions.moving import Kind, Move, move_stock
from inventory.models import Warehouse
from oms.errors import FieldError, Invalid
from oms.transactions import transactional
from returns.actions.locking import lock_return
from returns.choices import Disposition
from returns.errors import NotInspectable
from returns.models import Return, ReturnItem
from returns.policies.dispositions import LATER, MOVES, SET_ASIDE


def dispose_items(return_: Return, items: Sequence[ReturnItem], *, by: str, at: datetime) -> None:
    """Take the items in where they came back. Whoever waits for them gets them, first come, first served.

    Stock's locks come last: nothing else is to be locked after it in this transaction. What has no SKU takes no stock.
    """
    goods = [item for item in items if item.variant and MOVES.get(item.disposition)]
    if not goods:
        return
    place = _place_of(return_)
    moves = [move for item in goods for move in _moves(return_, item, MOVES[Disposition(item.disposition)], place)]
    first = min(item.pk for item in goods)  # an item is taken in once, so its id names the deed
    move_stock(moves, by=by, at=at, idempotency_key=f"return-item:{first}")


@transactional
def finish_set_aside(
    *, number: str, item_id: int, disposition: str, grade: str = "", by: str, at: datetime
) -> ReturnItem:
    """What was repaired, refurbished or kept apart is sold after all, or given up. Doing the same twice is harmless.

    Raises:
        ReturnNotFound.
        NotInspectable: it is none of this return that was set aside.
        Invalid: it can only be sold, given away or thrown away.
    """
    found = lock_return(number)
    item = found.items.select_related("variant").filter(id=item_id).first()
    if item and item.disposition == disposition:
        return item
    if item is None or item.disposition not in SET_ASIDE:
        raise NotInspectable(
            item_id, item.reception if item else "", item.disposition if item else "not of this return"
        )
    if disposition not in LATER:
        detail = f"Goods that were set aside become {', '.join(word.lower() for word in LATER)}."
        raise Invalid(detail, errors=[FieldError("/disposition", "disposition_not_possible", detail)])

    item.disposition, item.grade = disposition, grade or item.grade
    item.save(update_fields=["disposition", "grade"])
    found.touch(at=at)
    if item.variant:
        moves = _moves(found, item, LATER[Disposition(disposition)], _place_of(found))
        move_stock(moves, by=by, at=at, idempotency_key=f"return-item:{item.pk}:{disposition}")
    return item


def _moves(return_: Return, item: ReturnItem, kinds: Sequence[str], place: str) -> list[Move]:
    assert item.variant is not None
    note = item.disposition.replace("_", " ").lower()
    return [
        Move(Kind(kind), item.variant.sku, place, item.quantity, note=note, reference=return_.number) for kind in kinds
    ]


def _place_of(return_: Return) -> str:
    """The warehouse of the return's node; of one that has none, the first that is open."""
    if return_.node:
        return return_.node.warehouse.code
    return Warehouse.objects.filter(active=True).order_by("priority", "id").values_list("code", flat=True)[0]
