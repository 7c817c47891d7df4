"""Stopping what a customer withdrew from before it left, and following it where that could not be done at once."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db import transaction

from oms import events
from oms.errors import Refused
from oms.quantities import plain
from oms.transactions import transactional
from orders.actions.cancelling import cancel_order
from orders.actions.edits.editing import edit_order
from orders.actions.fulfilling.stopping import ask_to_stop
from orders.actions.fulfilling.withdrawing import lock_live
from orders.events import WithdrawalFollowed
from orders.models import Edit, Order, OrderLine
from returns.actions.requesting import request_return
from returns.choices import Resolution
from returns.errors import WithdrawalEnded, WithdrawalWouldCost
from returns.models import Return, Withdrawal
from returns.policies.wishes import ItemWish, ReturnWish
from returns.queries.unsent import GOODS

REASON = "withdrawal"
"""Nobody has to give one; this says only that it was none."""
WHY = "customer: withdrawal"
ACTOR = "STAFF"
"""No rule of ours about edits may stand against the law."""
AT_WAREHOUSE = "order_at_warehouse"

Units = Mapping[int, Decimal]
State = Withdrawal.State


@dataclass(frozen=True, slots=True)
class _Outcome:
    state: str
    refusal: Mapping[str, str]


def stop_withdrawn(made: Withdrawal, *, by: str, at: datetime) -> None:
    """All of the order is cancelled where nobody has begun to send it, else it is edited. What is refused waits for a
    person. The order must be locked."""
    lines = {line.pk: line for line in made.order.lines.filter(kind__in=GOODS) if line.open_quantity > 0}
    units = _still_to_stop(made, lines)
    everything = units == {key: line.open_quantity for key, line in lines.items()}
    if everything and made.order.fulfillment_status == Order.FulfillmentStatus.UNFULFILLED:
        outcome = _cancel(made.order, by=by, at=at)
    else:
        outcome = _edit(made.order, lines, units, by=by, at=at)
    _note(made, outcome, by=by, at=at)


def _still_to_stop(made: Withdrawal, lines: Mapping[int, OrderLine]) -> dict[int, Decimal]:
    """Whoever took units off the line meanwhile has done a part of it."""
    found = {}
    for item in made.items:
        if line := lines.get(item["line"]):
            left = line.quantity - line.cancelled_quantity
            units = Decimal(item["quantity"])
            over = left - Decimal(item["keep"]) if "keep" in item else units
            found[line.pk] = min(units, over)
    return {key: units for key, units in found.items() if units > 0}


def _cancel(order: Order, *, by: str, at: datetime) -> _Outcome:
    try:
        with transaction.atomic():
            done = cancel_order(number=order.number, reason=WHY, by=by, at=at).status == Order.Status.CANCELLED
    except Refused as refusal:
        return _stuck(refusal)
    return _Outcome(State.STOPPED if done else State.WAITING, {})


def _edit(order: Order, lines: Mapping[int, OrderLine], units: Units, *, by: str, at: datetime) -> _Outcome:
    """What would wait, for a payment or for leave, is not done: who withdraws owes nothing for it."""
    operations = [_shrink(lines[key], quantity) for key, quantity in units.items()]
    try:
        with transaction.atomic():
            edit = edit_order(number=order.number, operations=operations, actor=ACTOR, by=by, at=at)
            if edit.state != Edit.State.COMMITTED:
                raise WithdrawalWouldCost(order.number)
    except Refused as refusal:
        return _stuck(refusal)
    return _Outcome(State.STOPPED, {})


def _shrink(line: OrderLine, by: Decimal) -> dict[str, Any]:
    if by >= line.open_quantity:
        return {"op": "cancel_line", "line": line.pk}
    return {"op": "set_quantity", "line": line.pk, "quantity": str(plain(line.quantity - by))}


def _stuck(refusal: Refused) -> _Outcome:
    return _Outcome(State.STUCK, {"code": refusal.code, "detail": refusal.message[:500]})


def _note(made: Withdrawal, outcome: _Outcome, *, by: str, at: datetime) -> None:
    """Told once: trying again in vain is no news."""
    if (made.state, made.refusal) == (outcome.state, outcome.refusal):
        return
    made.state, made.refusal = outcome.state, dict(outcome.refusal)
    made.ended_at = None if outcome.state in Withdrawal.UNDERWAY else at
    made.save(update_fields=["state", "refusal", "of", "ended_at"])
    facts = {"withdrawal": made.pk, "state": made.state, "because": made.refusal.get("detail", "")}
    if made.of:
        facts["return"] = made.of.number
    events.publish([WithdrawalFollowed(subject=made.order.number, by=by, at=at, facts=facts)])


@transactional
def retry_stopping(*, withdrawal_id: int, by: str, at: datetime) -> Withdrawal:
    """Try once more, now that what stood against it may be gone. It says itself what came of it.

    Raises:
        WithdrawalEnded: there is nothing to stop any more.
    """
    made = _lock(withdrawal_id)
    stop_withdrawn(made, by=by, at=at)
    return made


@transactional
def ask_warehouses(*, withdrawal_id: int, by: str, at: datetime) -> Withdrawal:
    """Ask every warehouse that works on the order to stop; what it stops is tried again at its answer. Twice is
    harmless.

    Raises:
        WithdrawalEnded: there is nothing to stop any more.
    """
    made = _lock(withdrawal_id)
    in_hand = [each for each in lock_live(made.order) if each.is_in_hand]
    for each in in_hand:
        each.order = made.order
    ask_to_stop(in_hand, reason=WHY, by=by, at=at)
    return made


@transactional
def let_leave(*, withdrawal_id: int, by: str, at: datetime) -> Withdrawal:
    """It is not worth stopping, or cannot be: it leaves, and comes back as a return of the day it was declared on.

    Raises:
        WithdrawalEnded: there is nothing to stop any more.
    """
    made = _lock(withdrawal_id)
    _note(made, _Outcome(State.LEAVING, {}), by=by, at=at)
    return made


def _lock(withdrawal_id: int) -> Withdrawal:
    number = Withdrawal.objects.values_list("order__number", flat=True).get(pk=withdrawal_id)
    order = Order.objects.locked(number)
    made = order.withdrawals.get(pk=withdrawal_id)
    if made.state not in Withdrawal.UNDERWAY:
        raise WithdrawalEnded(number, made.state)
    made.order = order
    return made


@transactional
def follow_withdrawals(*, number: str, at: datetime) -> None:
    """What became of statements that wait: somebody stopped it, or goods of it left and are to come back. Where
    neither is so it is tried again. Twice is harmless."""
    order = Order.objects.locked(number)
    for made in order.withdrawals.filter(ended_at=None).order_by("id"):
        made.order = order
        _follow(made, at=at)


def _follow(made: Withdrawal, *, at: datetime) -> None:
    lines = {line.pk: line for line in made.order.lines.filter(id__in=[item["line"] for item in made.items])}
    units, by = _still_to_stop(made, lines), made.declared_by
    if not units:
        _note(made, _Outcome(State.STOPPED, {}), by=by, at=at)
    elif any(lines[key].open_quantity > 0 for key in units):
        _try_again(made, by=by, at=at)
    elif coming := {key: min(each, _here(lines[key])) for key, each in units.items() if _here(lines[key]) > 0}:
        _bring_back(made, coming, by=by, at=at)


def _here(line: OrderLine) -> Decimal:
    """Units that left and that no return speaks for."""
    return line.fulfilled_quantity - line.returned_quantity


def _try_again(made: Withdrawal, *, by: str, at: datetime) -> None:
    """Whoever was asked to stop and has said no is not asked again; what nobody began yet is taken off."""
    if made.state == State.LEAVING or made.order.cancellation is not None:
        return
    was_asked = made.state == State.WAITING
    lines = {line.pk: line for line in made.order.lines.filter(kind__in=GOODS) if line.open_quantity > 0}
    outcome = _edit(made.order, lines, _still_to_stop(made, lines), by=by, at=at)
    if was_asked and outcome.refusal.get("code") == AT_WAREHOUSE:
        outcome = _Outcome(State.LEAVING, {})
    _note(made, outcome, by=by, at=at)


def _bring_back(made: Withdrawal, units: Units, *, by: str, at: datetime) -> None:
    """It was declared when it was declared: that is what its receipt says, and from when it counts."""
    found = take_back(made.order.number, units, form=f"withdrawal:{made.pk}", by=by, at=at)
    found.withdrawn_at = made.declared_at
    found.touch("withdrawn_at", at=at)
    made.of = found
    _note(made, _Outcome(State.RETURNING, {}), by=by, at=at)


def take_back(number: str, units: Units, *, form: str, by: str, at: datetime) -> Return:
    """The return by which it comes."""
    items = tuple(
        ItemWish(line=line, quantity=quantity, reason=REASON, resolution=Resolution.REFUND)
        for line, quantity in units.items()
    )
    wish = ReturnWish(items=items, kind=Return.Kind.WITHDRAWAL, form=form)
    return request_return(number=number, wish=wish, by=by, at=at)
