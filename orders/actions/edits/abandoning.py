"""Giving up an edit that waited: the order is as it was, and the stock goes back."""

from datetime import datetime
from typing import Any

from inventory.actions.reserving import let_go
from oms import events
from orders.actions.holding import close_holds
from orders.actions.money.charging import cancel_checkouts
from orders.events import EditEnded
from orders.models import Edit, Hold, Order


def abandon_edit(order: Order, edit: Edit, *, state: str, note: str = "", by: str, at: datetime) -> None:
    """End the locked order's open edit in one of the states of giving up. What was asked to be paid is asked no more.

    The order stays held where something else holds it; letting it go is up to the caller.
    """
    edit.state, edit.ended_at, edit.note = state, at, note[:500]
    if state == Edit.State.DECLINED:
        edit.decided_at, edit.decided_by = at, by
    edit.save()
    close_holds(order, reasons=[Hold.Reason.EDIT_OPEN], by=by, at=at)
    cancel_checkouts(order, edit=edit, by=by, at=at)
    facts: dict[str, Any] = {"edit": edit.pk, "state": state, "note": note}
    if offers := [each["offer"] for each in edit.operations if "offer" in each]:
        facts["offers"] = offers
    events.publish([EditEnded(subject=order.number, by=by, at=at, facts=facts)])
    let_go([edit.stock_reference], by=by, at=at)


def abandon_open_edit(order: Order, *, state: str, note: str = "", by: str, at: datetime) -> bool:
    """The same for whichever edit of the locked order is open; False when none is."""
    edit = order.edits.open().first()
    if edit is None:
        return False
    abandon_edit(order, edit, state=state, note=note, by=by, at=at)
    return True
