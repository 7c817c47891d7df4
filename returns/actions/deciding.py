"""Deciding on a return that was asked for: approved, refused, or opened again."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from decimal import Decimal

from django.conf import settings

from oms import events
from oms.errors import FieldError, Invalid
from oms.quantities import plain
from oms.transactions import transactional
from orders.actions.cancelling import cancel_order
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
    open_return(found, read_items(found), keep_it=keep_it, by=by, at=at)
    return found


def open_return(found: Return, items: Sequence[ReturnItem], *, keep_it: bool, by: str, at: datetime) -> None:
    """It may come, until when; or it is kept, and given for at once. The order and the return must be locked."""
    found.status, found.decided_at = Status.OPEN, at
    found.expires_at = None if keep_it else at + timedelta(days=settings.RETURN_OPEN_DAYS)
    if keep_it:
        found.method, found.label_fee, found.restocking_fee = Method.KEEP_IT, Decimal(0), Decimal(0)
        _keep(items)
    found.touch(*_DECIDED, at=at)
    facts = {
        "order": found.order.number,
        "rule": found.rule.name if found.rule else "",
        "method": found.method,
        "node": found.node.warehouse.code if found.node else "",
        "items": [{"item": item.pk, "line": item.line_id, "quantity": plain(item.quantity)} for item in items],
    }
    events.publish([ReturnApproved(subject=found.number, by=by, at=at, facts=facts)])


_DECIDED = (
    *("status", "method", "rule", "decision", "explanation", "label_fee", "restocking_fee"),
    *("expires_at", "decided_at", "ended_at"),
)


def _keep(items: Sequence[ReturnItem]) -> None:
    """What is kept needs no goods, and no inspection."""
    for item in items:
        item.needs_goods, item.acceptance = False, ReturnItem.Acceptance.ACCEPTED
    ReturnItem.objects.filter(id__in=[item.pk for item in items]).update(
        needs_goods=False, acceptance=ReturnItem.Acceptance.ACCEPTED
    )


@transactional
def refuse_return(*, number: str, explanation: str, by: str, at: datetime) -> Return:
    """Decline it, and tell the customer why; its units can be asked for again. Refusing twice is harmless.

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
    found.decision = {"verdict": "DECLINE", "because": [], "by": by}
    decline_return(found, read_items(found), by=by, at=at)
    return found


def decline_return(found: Return, items: Sequence[ReturnItem], *, by: str, at: datetime) -> None:
    """It will not be taken back, for the reason that it bears. The order and the return must be locked."""
    found.status, found.decided_at, found.ended_at = Status.DECLINED, at, at
    found.touch(*_DECIDED, at=at)
    free_units(found.order, units_of(items), at=at)
    cancel_new_orders(items, because=f"Return {found.number} was declined.", by=by, at=at)
    rule = found.rule.name if found.rule else ""
    facts = {"order": found.order.number, "rule": rule, "explanation": found.explanation}
    events.publish([ReturnRefused(subject=found.number, by=by, at=at, facts=facts)])


@transactional
def reopen_return(*, number: str, because: str, by: str, at: datetime) -> Return:
    """Something came after all, or staff decided otherwise. Reopening an open one is harmless.

    Raises:
        ReturnNotFound.
        ReturnEnded: the customer canceled it; ask for another one.
        NotThatManyToReturn: another return speaks for these units by now.
    """
    found = lock_return(number)
    if found.status == Status.OPEN:
        return found
    if found.status not in (Status.CLOSED, Status.DECLINED):
        raise ReturnEnded(number, found.status)

    if found.status == Status.DECLINED:
        claim_units(found.order, units_of(read_items(found)), at=at)
    found.status, found.ended_at = Status.OPEN, None
    found.expires_at = None if found.moved_at else at + timedelta(days=settings.RETURN_OPEN_DAYS)
    found.touch("status", "ended_at", "expires_at", at=at)
    facts = {"order": found.order.number, "because": because}
    events.publish([ReturnReopened(subject=number, by=by, at=at, facts=facts)])
    return found


def read_items(found: Return) -> list[ReturnItem]:
    return list(found.items.select_related("new_order"))


def units_of(items: Sequence[ReturnItem]) -> dict[int, Decimal]:
    """How many units of each line its living items speak for."""
    units: dict[int, Decimal] = {}
    for item in items:
        if item.line_id is not None and item.reception != Reception.CANCELED:
            units[item.line_id] = units.get(item.line_id, Decimal(0)) + item.quantity
    return units


def cancel_new_orders(items: Sequence[ReturnItem], *, because: str, by: str, at: datetime) -> None:
    """What should have come instead does not: its stock goes to whoever waits."""
    for number in sorted({item.new_order.number for item in items if item.new_order}):
        cancel_order(number=number, reason=because, by=by, at=at)


def refuse_moved(found: Return) -> None:
    """Raises:
    ReturnUnderway: something of it has moved.
    """
    if found.moved_at is not None:
        raise ReturnUnderway(found.number)
