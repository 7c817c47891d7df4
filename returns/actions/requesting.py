"""Asking for a return: what may come back is checked against the terms, valued, decided on by rules, and kept.

An RMA number is the order's with its place behind: 10023-R1, as parcels and fulfillments of the house are named. A
customer who has the order's number can say it, a warehouse sees whose it is, and whoever mistypes a digit lands at an
order that has no such return.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

from django.conf import settings

from oms import events
from oms.events import Event
from oms.quantities import plain
from oms.transactions import transactional
from oms.writing import insert_objects
from orders.actions.returning import claim_units
from orders.models import Order
from returns.actions.deciding import tell_approved, units_of
from returns.choices import Method
from returns.events import ReturnRefused, ReturnRequested, WithdrawalAcknowledged
from returns.models import Return, ReturnItem
from returns.policies.deciding import Decision, decide_return
from returns.policies.wishes import ItemWish, ReturnWish
from returns.queries.appraising import Appraisal, appraise_wish

__all__ = ["ItemWish", "ReturnWish", "request_return"]

Status, Acceptance = Return.Status, ReturnItem.Acceptance

_STATUS = {"APPROVE": Status.OPEN, "KEEP_IT": Status.OPEN, "REVIEW": Status.REQUESTED, "DECLINE": Status.DECLINED}


@dataclass(frozen=True, slots=True)
class _Asked:
    """Who asked, when, and by which way."""

    source: str
    by: str
    at: datetime


@transactional
def request_return(
    *, number: str, wish: ReturnWish, by: str, at: datetime, source: str = Return.Source.PORTAL
) -> Return:
    """Ask that items of the order come back. The first rule that fits approves, declines, or calls a person.

    Raises:
        OrderNotFound.
        Invalid: a line, reason, variant or method that there is not, or that is not for this.
        NotReturnable: something of it cannot come back; says why, and since when.
        NotThatManyToReturn: more units than are left of a line.
    """
    order = Order.objects.locked(number)
    appraisal = appraise_wish(order, wish, source=source, at=at)
    decision = decide_return(appraisal.ground.rules, appraisal.facts)

    asked = _Asked(source, by, at)
    new = _describe(order, wish, appraisal, decision, asked)
    items = [_describe_item(new, place, appraisal, decision) for place in range(len(wish.items))]
    insert_objects(new)
    for item in items:
        item.of = new
    insert_objects(*items)
    if new.status != Status.DECLINED:
        claim_units(order, units_of(items), at=at)
    events.publish(list(_tell(new, items, appraisal, decision, asked)))
    return new


def _describe(order: Order, wish: ReturnWish, appraisal: Appraisal, decision: Decision, asked: _Asked) -> Return:
    sequence, sums, at = appraisal.ground.last_sequence + 1, appraisal.sums, asked.at
    status = _STATUS[decision.verdict]
    opened = status == Status.OPEN
    kept = decision.verdict == "KEEP_IT"
    return Return(
        number=f"{order.number}-R{sequence}",
        order=order,
        sequence=sequence,
        kind=wish.kind,
        source=asked.source,
        status=status,
        method=Method.KEEP_IT if kept else appraisal.method,
        rule_id=decision.rule.id if decision.rule else None,
        decision={"verdict": decision.verdict, "because": list(decision.because), "by": "rules"},
        explanation=decision.explanation,
        withdrawn_at=at if wish.kind == Return.Kind.WITHDRAWAL else None,
        label_fee=0 if kept else sums.label_fee,
        restocking_fee=0 if kept else sums.restocking_fee,
        shipping_refund=sums.shipping_refund,
        email=wish.email or order.email,
        locale=wish.locale or order.locale,
        note=wish.note,
        requested_at=at,
        requested_by=asked.by,
        decided_at=at if status != Status.REQUESTED else None,
        ended_at=at if status == Status.DECLINED else None,
        expires_at=at + timedelta(days=settings.RETURN_OPEN_DAYS) if opened and not kept else None,
        updated_at=at,
    )


def _describe_item(new: Return, place: int, appraisal: Appraisal, decision: Decision) -> ReturnItem:
    item = appraisal.items[place]
    kept = decision.verdict == "KEEP_IT"
    return ReturnItem(
        of=new,
        line_id=item.line.id,
        variant_id=item.line.variant_id,
        quantity=item.wish.quantity,
        reason_id=item.reason.id,
        comment=item.wish.comment,
        facts={
            "options": dict(item.line.options),
            "categories": sorted(item.line.categories),
            "supplier": item.line.brand,
        },
        resolution=item.wish.resolution,
        exchange_variant_id=item.wanted.id if item.wanted else None,
        needs_goods=not kept,
        acceptance=Acceptance.ACCEPTED if kept else Acceptance.PENDING,
        value=item.terms.value,
        tax=item.terms.tax,
    )


def _tell(
    new: Return, items: Sequence[ReturnItem], appraisal: Appraisal, decision: Decision, asked: _Asked
) -> Sequence[Event]:
    who = {"subject": new.number, "by": asked.by, "at": asked.at}
    requested = ReturnRequested(**who, facts=_facts(new, appraisal, decision))
    told: list[Event] = [requested]
    if new.withdrawn_at is not None:
        units = [{"line": each.line.id, "quantity": plain(each.wish.quantity)} for each in appraisal.items]
        facts = {"order": new.order.number, "withdrawn_at": new.withdrawn_at, "items": units}
        told.append(WithdrawalAcknowledged(**who, facts=facts))
    if new.status == Status.OPEN:
        told.append(tell_approved(new, items, rule=_rule_of(decision), by="system", at=asked.at))
    if new.status == Status.DECLINED:
        facts = {"order": new.order.number, "rule": _rule_of(decision), "explanation": new.explanation}
        told.append(ReturnRefused(subject=new.number, by="system", at=asked.at, facts=facts))
    return told


def _facts(new: Return, appraisal: Appraisal, decision: Decision) -> dict[str, object]:
    items = [
        {
            "line": each.line.id,
            "sku": each.line.sku,
            "quantity": plain(each.wish.quantity),
            "reason": each.reason.code,
            "resolution": each.wish.resolution,
        }
        for each in appraisal.items
    ]
    return {
        "order": new.order.number,
        "kind": new.kind,
        "source": new.source,
        "items": items,
        "method": new.method,
        "verdict": decision.verdict,
    }


def _rule_of(decision: Decision) -> str:
    return decision.rule.name if decision.rule else ""
