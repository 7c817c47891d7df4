"""Deciding on an edit that waits for us, and giving up what waited too long."""

from datetime import datetime

from oms.money import Money
from oms.transactions import transactional
from orders.absences import EditNotFound
from orders.actions.edits.abandoning import abandon_edit
from orders.actions.edits.applying import commit_edit, is_cancellation
from orders.actions.edits.editing import wait_for_payment
from orders.actions.money.charging import refuse_uncollectable
from orders.actions.releasing import release_if_free
from orders.errors import EditAlreadyEnded
from orders.models import Edit, Order
from orders.policies.edits.plan import read_plan
from orders.policies.edits.quotes import judge_settlement
from orders.queries.edits.states import read_edit_state


@transactional
def approve_edit(*, edit_id: int, note: str = "", by: str, at: datetime) -> Edit:
    """Let it be done: at once, or once the customer has paid what it costs more. Approving twice is harmless.

    Raises:
        EditNotFound.
        EditAlreadyEnded: it was declined, withdrawn or given up.
        AmountNotCollectable: too little would be to pay by now for the gateway to ask for it.
    """
    order, edit = lock_edit(edit_id)
    if edit.decided_at and edit.state in (Edit.State.COMMITTED, Edit.State.AWAITING_PAYMENT):
        return edit
    if edit.state != Edit.State.AWAITING_APPROVAL:
        raise EditAlreadyEnded(edit_id, edit.state)

    edit.decided_at, edit.decided_by, edit.note = at, by, note[:500]
    state = read_edit_state(order.number, actor=edit.actor, at=at)
    plan = read_plan(edit.plan, credited=order.credited)
    due = Money(judge_settlement(state.order, plan).to_pay, order.currency)
    if due and not is_cancellation(edit):
        refuse_uncollectable(due, gateway=state.gateway, test=state.test)
        wait_for_payment(order, edit, due, minutes=state.payment_minutes, by=by, at=at)
    else:
        commit_edit(order, edit, state.order.lines, by=by, at=at)
    return edit


@transactional
def decline_edit(*, edit_id: int, note: str = "", by: str, at: datetime) -> Edit:
    """Say no; the order stays as it is. Declining twice is harmless.

    Raises:
        EditNotFound.
        EditAlreadyEnded: it was done, withdrawn or given up.
    """
    order, edit = lock_edit(edit_id)
    if edit.state == Edit.State.DECLINED:
        return edit
    if edit.state != Edit.State.AWAITING_APPROVAL:
        raise EditAlreadyEnded(edit_id, edit.state)
    abandon_edit(order, edit, state=Edit.State.DECLINED, note=note, by=by, at=at)
    release_if_free(order, by=by, at=at)
    return edit


@transactional
def withdraw_edit(*, edit_id: int, by: str, at: datetime) -> Edit:
    """Its author does not want it any more. Withdrawing twice is harmless.

    Raises:
        EditNotFound.
        EditAlreadyEnded: it was done, declined or given up.
    """
    order, edit = lock_edit(edit_id)
    if edit.state == Edit.State.CANCELED:
        return edit
    if not edit.is_open:
        raise EditAlreadyEnded(edit_id, edit.state)
    abandon_edit(order, edit, state=Edit.State.CANCELED, by=by, at=at)
    release_if_free(order, by=by, at=at)
    return edit


def expire_edits(*, at: datetime, limit: int = 500) -> int:
    """Give up what was not paid or decided in time, the longest overdue first; how many there were."""
    due = Edit.objects.open().filter(deadline__lte=at).order_by("deadline").values_list("id", flat=True)
    return sum(_expire(edit_id=edit_id, at=at) for edit_id in list(due[:limit]))


@transactional
def _expire(*, edit_id: int, at: datetime) -> bool:
    """Each in a transaction of its own: money may be arriving for one of them this moment."""
    order, edit = lock_edit(edit_id)
    if not edit.is_open or edit.deadline is None or edit.deadline > at:
        return False
    abandon_edit(order, edit, state=Edit.State.EXPIRED, by="system", at=at)
    release_if_free(order, by="system", at=at)
    return True


def lock_edit(edit_id: int) -> tuple[Order, Edit]:
    """The edit and its order, the order locked.

    Raises:
        EditNotFound
    """
    number = Edit.objects.filter(id=edit_id).values_list("order__number", flat=True).first()
    if number is None:
        raise EditNotFound(edit_id)
    order = Order.objects.locked(number)
    return order, Edit.objects.get(id=edit_id)
