"""Asking for a return: what may come back is checked against the terms, valued, decided on by rules, and kept.

An RMA number is the order's with its place behind: 10023-R1, as parcels and fulfillments of the house are named. A
customer who has the order's number can say it, a warehouse sees whose it is, and whoever mistypes a digit lands at an
order that has no such return.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from inventory.models import Variant
from oms import events
from oms.mailing import language_of
from oms.models import Delivery, EventRecord
from oms.quantities import plain
from oms.transactions import transactional
from oms.writing import as_row, insert_rows
from orders.actions.returning import claim_units
from orders.models import Order
from returns.actions.deciding import mark_declined, mark_open, tell_declined, tell_opened
from returns.actions.judging import score_request
from returns.actions.photographing import adopt_photos
from returns.actions.remedies.reordering import place_exchange
from returns.choices import Resolution
from returns.events import ReturnEvent, ReturnRequested, WithdrawalAcknowledged
from returns.models import AbuseScore, Return, ReturnItem, ReturnRule
from returns.policies.deciding import Decision, decide_return
from returns.policies.languages import choose_words
from returns.policies.wishes import ItemWish, ReturnWish
from returns.queries.appraising import Appraisal, AppraisedItem, add_score, appraise_wish, describe_request

__all__ = ["ItemWish", "ReturnWish", "request_return"]

RULES = "rules"
"""Who decided, where no person did."""


@transactional
def request_return(
    *, number: str, wish: ReturnWish, by: str, at: datetime, source: str = Return.Source.PORTAL
) -> Return:
    """Ask that items of the order come back. The first rule that fits approves, declines, or calls a person.
    The same form again is the same return.

    Raises:
        OrderNotFound.
        Invalid: a line, reason, variant, resolution or method that there is not, or that is not for this.
        NotReturnable: something of it cannot come back; says why, and since when.
        NotThatManyToReturn: more units than are left of a line.
        StockShort: somebody bought what shall come instead.
    """
    order = Order.objects.locked(number)
    if wish.form and (known := order.returns.filter(form=wish.form).first()):
        return known
    appraisal = appraise_wish(order, wish, source=source, at=at)

    new = _describe(order, wish, appraisal, source=source, by=by, at=at)
    keys = appraisal.ground.item_keys
    items = [_describe_item(new, item, key) for item, key in zip(appraisal.items, keys, strict=True)]
    score = _score(new, wish, appraisal.ground.person, source=source, at=at)
    decision = _decide(order, wish, appraisal, score, source=source)
    _mark(new, items, decision, at=at)

    told = [*_tell_request(new, appraisal, decision, by=by, at=at), *_tell_decision(new, items, at=at)]
    _write(new, items, score, told, appraisal.ground.event_keys)
    if any(item.photos for item in wish.items):
        adopt_photos(new, {item.pk: each.photos for item, each in zip(items, wish.items, strict=True)})
    if new.status != Return.Status.DECLINED:
        claim_units(order, wish.units, at=at)
        _promise_exchanges(new, items, by=by, at=at)
    events.follow_first(told)
    return new


def _score(new: Return, wish: ReturnWish, person: Sequence[Any], *, source: str, at: datetime) -> AbuseScore | None:
    """What comes from a file of the past is judged by nobody."""
    if source == Return.Source.IMPORT:
        return None
    photos = [key for item in wish.items for key in item.photos]
    fee_allowed = bool(new.restocking_fee or new.label_fee)
    return score_request(new, person=person, photos=photos, fee_allowed=fee_allowed, at=at)


def _decide(order: Order, wish: ReturnWish, appraisal: Appraisal, score: AbuseScore | None, *, source: str) -> Decision:
    facts = describe_request(order, wish, appraisal, source)
    if score is not None:
        facts = add_score(facts, score=score.points, effects=score.effects)
    return decide_return(appraisal.ground.rules, facts)


def _mark(new: Return, items: Sequence[ReturnItem], decision: Decision, *, at: datetime) -> None:
    new.decision = {"verdict": decision.verdict, "because": list(decision.because), "by": RULES}
    if decision.explanations:  # as they were: the rule may say something else tomorrow
        new.decision["explanations"] = dict(decision.explanations)
        new.explanation = choose_words(decision.explanations, language_of(new.locale))
    if decision.rule:
        new.rule = ReturnRule(id=decision.rule.id, name=decision.rule.name)
    if decision.verdict == "DECLINE":
        mark_declined(new, at=at)
    elif decision.verdict != "REVIEW":
        mark_open(new, items, keep_it=decision.verdict == "KEEP_IT", at=at)


def _write(
    new: Return,
    items: Sequence[ReturnItem],
    score: AbuseScore | None,
    told: Sequence[ReturnEvent],
    event_keys: Sequence[int],
) -> None:
    """All of it, and what is told of it, in one statement: the keys were drawn before."""
    records = event_keys[: len(told)]
    insert_rows(
        {
            Return: [as_row(new)],
            ReturnItem: [as_row(item) for item in items],
            AbuseScore: [as_row(score)] if score else [],
            EventRecord: [{"id": key, **row} for key, row in zip(records, events.first_rows(told), strict=True)],
            Delivery: events.first_deliveries(told, records),
        }
    )
    for each in (new, *items):
        each._state.adding = False


def _tell_decision(new: Return, items: Sequence[ReturnItem], *, at: datetime) -> list[ReturnEvent]:
    if new.status == Return.Status.OPEN:
        return [tell_opened(new, items, by=RULES, at=at)]
    return [tell_declined(new, by=RULES, at=at)] if new.status == Return.Status.DECLINED else []


def _promise_exchanges(new: Return, items: Sequence[ReturnItem], *, by: str, at: datetime) -> None:
    """What shall come instead is reserved now: nobody else buys it meanwhile."""
    wanted = [item for item in items if item.resolution == Resolution.EXCHANGE]
    if wanted:
        place_exchange(new, wanted, by=by, at=at)


def _describe(order: Order, wish: ReturnWish, appraisal: Appraisal, *, source: str, by: str, at: datetime) -> Return:
    sequence, sums = appraisal.ground.last_sequence + 1, appraisal.sums
    return Return(
        id=appraisal.ground.key,
        number=f"{order.number}-R{sequence}",
        order=order,
        sequence=sequence,
        form=wish.form,
        kind=wish.kind,
        source=source,
        status=Return.Status.REQUESTED,
        method=appraisal.method,
        withdrawn_at=at if wish.kind == Return.Kind.WITHDRAWAL else None,
        label_fee=sums.label_fee,
        restocking_fee=sums.restocking_fee,
        shipping_refund=sums.shipping_refund,
        email=wish.email or order.email,
        locale=wish.locale or order.locale,
        note=wish.note,
        requested_at=at,
        requested_by=by,
        updated_at=at,
    )


def _describe_item(new: Return, item: AppraisedItem, key: int) -> ReturnItem:
    """What return rates are told by is kept as it is now: catalogues change. What is our fault has to be opened to be
    seen, so nothing is asked of its state."""
    line = item.line
    return ReturnItem(
        id=key,
        of=new,
        line_id=line.id,
        variant_id=line.variant_id,
        quantity=item.wish.quantity,
        reason_id=item.reason.id,
        comment=item.wish.comment,
        facts={"options": dict(line.options), "categories": sorted(line.categories), "supplier": line.brand},
        resolution=item.wish.resolution,
        exchange_variant=Variant(id=item.wanted.id, sku=item.wanted.sku) if item.wanted else None,
        value=item.terms.value,
        tax=item.terms.tax,
        credit_rate=item.terms.credit_rate,
        credit_months=item.judged.terms.credit_months,
        conditions=[] if item.reason.merchant_fault else list(item.judged.terms.conditions),
        sealed_only=item.judged.sealed_only and not item.reason.merchant_fault,
    )


def _tell_request(new: Return, appraisal: Appraisal, decision: Decision, *, by: str, at: datetime) -> list[ReturnEvent]:
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
    facts = {"order": new.order.number, "kind": new.kind, "source": new.source, "items": items, "method": new.method}
    told: list[ReturnEvent] = [
        ReturnRequested(subject=new.number, by=by, at=at, facts=facts | {"verdict": decision.verdict})
    ]
    if new.withdrawn_at is not None:
        units = [{"line": each["line"], "quantity": each["quantity"]} for each in items]
        withdrawn = {"order": new.order.number, "withdrawn_at": new.withdrawn_at, "items": units}
        told.append(WithdrawalAcknowledged(subject=new.number, by=by, at=at, facts=withdrawn))
    return told
