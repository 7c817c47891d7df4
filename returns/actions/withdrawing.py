"""Withdrawing from a contract (Directive 2011/83/EU, article 11): it counts from the moment it is declared.

What has left comes back by a return; what has not is stopped. Where a warehouse has it in hand it is asked to stop, and
what leaves all the same becomes a return of that same moment.
"""

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db import transaction

from oms import events
from oms.errors import FieldError, Invalid, Refused
from oms.quantities import plain
from oms.transactions import transactional
from orders.actions.cancelling import cancel_order
from orders.actions.edits.editing import edit_order
from orders.events import ContractWithdrawn
from orders.models import Edit, Order, OrderLine
from returns.actions.requesting import request_return
from returns.choices import Resolution
from returns.models import Return, Withdrawal
from returns.policies.wishes import ItemWish, ReturnWish
from returns.queries.unsent import GOODS, read_unsent

REASON = "withdrawal"
"""Nobody has to give one; this says only that it was none."""
WHY = "customer: withdrawal"
ACTOR = "STAFF"
"""No rule of ours about edits may stand against the law."""

Units = Mapping[int, Decimal]
State = Withdrawal.State


@dataclass(frozen=True, slots=True)
class Declared:
    """What came of it: of goods that had left a return, of others the statement itself."""

    of: Return | None
    unsent: Withdrawal | None


@transactional
def withdraw_from_contract(*, number: str, units: Units, form: str, by: str, at: datetime) -> Declared:
    """Withdraw from so many units of each line: first from those that have not left. The same form is one statement.

    Raises:
        OrderNotFound.
        Invalid: nothing is named, or a line that there is not.
        NotReturnable, NotThatManyToReturn: the law does not grant it of something that was sent.
    """
    order = Order.objects.locked(number)
    known = Declared(order.returns.filter(form=form).first(), order.withdrawals.filter(form=form).first())
    if known.of or known.unsent:
        return known
    if not units:
        raise Invalid("Say what it is about.", errors=[FieldError("/items", "items_missing", "Nothing is named.")])

    unsent = {line: min(units.get(line, Decimal(0)), left) for line, left in read_unsent(order, at=at).items()}
    stopping = {line: quantity for line, quantity in unsent.items() if quantity > 0}
    sent = {line: quantity - stopping.get(line, Decimal(0)) for line, quantity in units.items()}
    coming = {line: quantity for line, quantity in sent.items() if quantity > 0}
    return Declared(
        of=_take_back(number, coming, form=form, by=by, at=at) if coming else None,
        unsent=_declare(order, stopping, form=form, by=by, at=at) if stopping else None,
    )


def _take_back(number: str, units: Units, *, form: str, by: str, at: datetime) -> Return:
    items = tuple(
        ItemWish(line=line, quantity=quantity, reason=REASON, resolution=Resolution.REFUND)
        for line, quantity in units.items()
    )
    wish = ReturnWish(items=items, kind=Return.Kind.WITHDRAWAL, form=form)
    return request_return(number=number, wish=wish, by=by, at=at)


def _declare(order: Order, units: Units, *, form: str, by: str, at: datetime) -> Withdrawal:
    items = [{"line": line, "quantity": str(plain(quantity))} for line, quantity in units.items()]
    made = Withdrawal.objects.create(order=order, form=form, items=items, declared_at=at, declared_by=by)
    facts = {"withdrawal": made.pk, "withdrawn_at": at, "items": items}
    events.publish([ContractWithdrawn(subject=order.number, by=by, at=at, facts=facts)])
    if _stop(order, units, by=by, at=at):
        _end(made, State.STOPPED, at=at)
    return made


def _stop(order: Order, units: Units, *, by: str, at: datetime) -> bool:
    """True when nothing of it will leave; False while that is a warehouse's, or a person's, to say."""
    lines = {line.pk: line for line in order.lines.filter(kind__in=GOODS) if line.open_quantity > 0}
    everything = units == {key: line.open_quantity for key, line in lines.items()}
    untouched = order.fulfillment_status == Order.FulfillmentStatus.UNFULFILLED
    with suppress(Refused), transaction.atomic():
        if untouched and everything:
            return cancel_order(number=order.number, reason=WHY, by=by, at=at).status == Order.Status.CANCELLED
        operations = [_shrink(lines[key], quantity) for key, quantity in units.items()]
        edit = edit_order(number=order.number, operations=operations, actor=ACTOR, by=by, at=at)
        return edit.state == Edit.State.COMMITTED
    return False


def _shrink(line: OrderLine, by: Decimal) -> dict[str, Any]:
    if by >= line.open_quantity:
        return {"op": "cancel_line", "line": line.pk}
    return {"op": "set_quantity", "line": line.pk, "quantity": str(plain(line.quantity - by))}


@transactional
def follow_withdrawals(*, number: str, at: datetime) -> None:
    """What became of statements that wait: the order was cancelled, or goods of it left and are to come back. Twice is
    harmless."""
    order = Order.objects.locked(number)
    for waiting in order.withdrawals.filter(state=State.WAITING).order_by("id"):
        units = {item["line"]: Decimal(item["quantity"]) for item in waiting.items}
        lines = {line.pk: line for line in order.lines.filter(id__in=units)}
        if all(line.open_quantity <= 0 and line.fulfilled_quantity <= 0 for line in lines.values()):
            _end(waiting, State.STOPPED, at=at)
            continue
        left = {key: min(units[key], line.fulfilled_quantity - line.returned_quantity) for key, line in lines.items()}
        if any(quantity > 0 for quantity in left.values()) and not any(line.open_quantity for line in lines.values()):
            _bring_back(waiting, {key: quantity for key, quantity in left.items() if quantity > 0}, at=at)


def _bring_back(waiting: Withdrawal, units: Units, *, at: datetime) -> None:
    """It was declared when it was declared: that is what its receipt says, and from when it counts."""
    form = f"withdrawal:{waiting.pk}"
    found = _take_back(waiting.order.number, units, form=form, by=waiting.declared_by, at=at)
    found.withdrawn_at = waiting.declared_at
    found.touch("withdrawn_at", at=at)
    waiting.of = found
    _end(waiting, State.RETURNING, at=at)


def _end(made: Withdrawal, state: str, *, at: datetime) -> None:
    made.state, made.ended_at = state, at
    made.save(update_fields=["state", "of", "ended_at"])
