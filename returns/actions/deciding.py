"""Deciding on a return that was asked for: approved, refused, or opened again."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from django.conf import settings

from oms import events
from oms.errors import FieldError, Invalid
from oms.quantities import plain
from oms.transactions import transactional
from oms.writing import update_rows
from orders.actions.returning import claim_units, free_units
from returns.actions.locking import lock_return
from returns.choices import Method
from returns.errors import ReturnEnded, ReturnNotOpen, ReturnUnderway, WithdrawalStands
from returns.events import ReturnApproved, ReturnRefused, ReturnReopened
from returns.models import Return, ReturnItem

Reception, Status = ReturnItem.Reception, Return.Status


@transactional
def approve_return(
    *, number: str, by: str, at: datetime, method: str = "", keep_it: bool = False, note: str = ""
) -> Return:
    """Let it come, by another way back if one is named; or let them keep it. Approving twice is harmless.

    Raises:
        ReturnNotFound.
        ReturnEnded: it was declined or canceled, or is done.
    """
    found = lock_return(number)
    if found.status == Status.OPEN:
        return found
    if found.status != Status.REQUESTED:
        raise ReturnEnded(number, found.status)

    found.method = method or found.method
    found.decision = {"verdict": "KEEP_IT" if keep_it else "APPROVE", "because": [note] if note else [], "by": by}
    open_return(found, list(found.items.all()), keep_it=keep_it, by=by, at=at)
    return found


def open_return(found: Return, items: Sequence[ReturnItem], *, keep_it: bool, by: str, at: datetime) -> None:
    """It may come, until when; or it is kept, and given for at once. The order and the return must be locked."""
    mark_open(found, items, keep_it=keep_it, at=at)
    if keep_it:
        update_rows(items, ["needs_goods", "acceptance"])
    found.touch(*_DECIDED, at=at)
    events.publish([tell_opened(found, items, by=by, at=at)])


def mark_open(found: Return, items: Sequence[ReturnItem], *, keep_it: bool, at: datetime) -> None:
    """Writes nothing yet. What is kept needs no goods, and no inspection.

    A withdrawal stays open: who withdrew in time has done so, however late the goods are.
    """
    found.status, found.decided_at = Status.OPEN, at
    found.expires_at = None if keep_it else _last_moment(found, at=at)
    if keep_it:
        found.method, found.label_fee, found.restocking_fee = Method.KEEP_IT, Decimal(0), Decimal(0)
        for item in items:
            item.needs_goods, item.acceptance = False, ReturnItem.Acceptance.ACCEPTED


def tell_opened(found: Return, items: Sequence[ReturnItem], *, by: str, at: datetime) -> ReturnApproved:
    facts = {
        "order": found.order.number,
        "rule": found.rule.name if found.rule else "",
        "method": found.method,
        "node": found.node.warehouse.code if found.node else "",
        "items": [_describe(item) for item in items],
    }
    return ReturnApproved(subject=found.number, by=by, at=at, facts=facts)


def _describe(item: ReturnItem) -> dict[str, Any]:
    return {
        "item": item.pk,
        "line": item.line_id,
        "quantity": plain(item.quantity),
        "resolution": item.resolution,
        "needs_goods": item.needs_goods,
    }


def _last_moment(found: Return, *, at: datetime) -> datetime | None:
    return None if found.kind == Return.Kind.WITHDRAWAL else at + timedelta(days=settings.RETURN_OPEN_DAYS)


_DECIDED = (
    *("status", "method", "rule", "decision", "explanation", "label_fee", "restocking_fee"),
    *("expires_at", "decided_at", "ended_at"),
)


@transactional
def refuse_return(*, number: str, explanation: str, by: str, at: datetime, note: str = "") -> Return:
    """Decline it, and tell the customer why; its units can be asked for again. Refusing twice is harmless. `note` is
    for colleagues.

    Raises:
        ReturnNotFound.
        Invalid: no explanation.
        ReturnEnded, ReturnNotOpen: it is not to be decided on any more.
        WithdrawalStands: the customer withdrew from the contract in time.
    """
    if not explanation.strip():
        error = FieldError("/explanation", "explanation_missing", "Say why: the customer reads it.")
        raise Invalid("Say why it is refused.", errors=[error])
    found = lock_return(number)
    if found.status == Status.DECLINED:
        return found
    if found.status == Status.OPEN:
        raise ReturnNotOpen(number, found.status)
    if found.status != Status.REQUESTED:
        raise ReturnEnded(number, found.status)
    if found.kind == Return.Kind.WITHDRAWAL:
        raise WithdrawalStands(number)

    found.explanation, found.rule = explanation, None
    found.decision = {"verdict": "DECLINE", "because": [note] if note else [], "by": by}
    decline_return(found, list(found.items.all()), by=by, at=at)
    return found


def decline_return(found: Return, items: Sequence[ReturnItem], *, by: str, at: datetime) -> None:
    """It will not be taken back, for the reason that it bears. The order and the return must be locked."""
    mark_declined(found, at=at)
    found.touch(*_DECIDED, at=at)
    free_units(found.order, units_of(items), at=at)
    events.publish([tell_declined(found, by=by, at=at)])


def mark_declined(found: Return, *, at: datetime) -> None:
    """Writes nothing yet."""
    found.status, found.decided_at, found.ended_at = Status.DECLINED, at, at


def tell_declined(found: Return, *, by: str, at: datetime) -> ReturnRefused:
    rule = found.rule.name if found.rule else ""
    facts = {"order": found.order.number, "rule": rule, "explanation": found.explanation}
    return ReturnRefused(subject=found.number, by=by, at=at, facts=facts)


@transactional
def reopen_return(*, number: str, because: str, by: str, at: datetime) -> Return:
    """Something came after all, or staff decided otherwise. Reopening an open one is harmless.

    Raises:
        ReturnNotFound.
        ReturnEnded: the customer canceled it; ask for another one.
        NotThatManySent: another return speaks for these units by now.
    """
    found = lock_return(number)
    if found.status == Status.OPEN:
        return found
    if found.status not in (Status.CLOSED, Status.DECLINED):
        raise ReturnEnded(number, found.status)

    if found.status == Status.DECLINED:
        claim_units(found.order, units_of(list(found.items.all())), at=at)
    found.status, found.ended_at = Status.OPEN, None
    found.expires_at = None if found.moved_at else _last_moment(found, at=at)
    found.reminded_at = None
    found.touch("status", "ended_at", "expires_at", "reminded_at", at=at)
    facts = {"order": found.order.number, "because": because}
    events.publish([ReturnReopened(subject=number, by=by, at=at, facts=facts)])
    return found


def units_of(items: Sequence[ReturnItem]) -> dict[int, Decimal]:
    """How many units of each line its living items speak for."""
    units: dict[int, Decimal] = {}
    for item in items:
        if item.line_id is not None and item.reception != Reception.CANCELED:
            units[item.line_id] = units.get(item.line_id, Decimal(0)) + item.quantity
    return units


def refuse_moved(found: Return) -> None:
    """Raises:
    ReturnUnderway: something of it has moved.
    """
    if found.moved_at is not None:
        raise ReturnUnderway(found.number)
