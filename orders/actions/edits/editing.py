"""Editing an order: the one way for portal, staff, partners and bots."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from inventory.actions.promising import Claim
from inventory.actions.reserving import reserve
from inventory.errors import Shortage, StockShort
from oms import events
from oms.errors import FieldError, Invalid, VersionStale
from oms.money import Money, round_amount
from oms.transactions import transactional
from orders.actions.edits.applying import commit_edit
from orders.actions.money.charging import refuse_uncollectable, request_checkout
from orders.errors import (
    EditAlreadyOpen,
    EditNotAllowed,
    EditWindowClosed,
    OrderAlreadyCancelled,
    OrderAlreadyClosed,
    OrderAtWarehouse,
)
from orders.events import EditRequested, OrderHeld
from orders.models import Edit, Hold, Order
from orders.policies.addresses import check_address, check_contact
from orders.policies.edits.echoes import describe_goods
from orders.policies.edits.in_hand import fits_in_hand
from orders.policies.edits.lines import Reason
from orders.policies.edits.operations import (
    CancelOrder,
    ChangeAddress,
    ChangeContact,
    Operation,
    dump_operations,
    name_offer_items,
    read_operations,
)
from orders.policies.edits.permissions import Attempt, judge_permission
from orders.policies.edits.plan import Plan, Planned, dump_plan, plan_edit
from orders.policies.edits.quotes import Quote, figures_after, figures_before, judge_settlement, quote_lines
from orders.policies.edits.stages import judge_stage, why_closed
from orders.policies.edits.state import NOTHING, OrderState
from orders.queries.edits.states import EditState, read_edit_state

PAGE_CLOSES_BEFORE = timedelta(minutes=1)
"""The gateway's page closes so long before the edit is given up: a payment of the last second is still heard of."""

Operations = Sequence[Mapping[str, Any] | Operation]


@dataclass(frozen=True, slots=True)
class _Assessed:
    """What was asked, judged against the order as it stands."""

    state: EditState
    operations: Sequence[Operation]
    plan: Plan
    quote: Quote
    extra: Mapping[int, Decimal]


def preview_edit(*, number: str, operations: Operations, actor: str, by: str, at: datetime) -> Quote:
    """What the edit would come to. Nothing is written, nothing is promised.

    Raises:
        OrderNotFound, OrderAlreadyCancelled, OrderAlreadyClosed.
        Invalid: with pointers into `operations`.
        EditWindowClosed, EditNotAllowed, EditAlreadyOpen.
        What the app that makes offers says against one that an operation names.
        OrderAtWarehouse: a warehouse works on it, and this cannot be changed in its hands.
        AmountNotCollectable: too little would be to pay for the gateway to ask for it.
        StockShort: names each SKU and what is left of it.
    """
    assessed = _assess(number, operations, actor=actor, at=at)
    _refuse_shortage(assessed)
    return assessed.quote


@transactional
def edit_order(
    *,
    number: str,
    operations: Operations,
    actor: str,
    by: str,
    at: datetime,
    version: int | None = None,
    form: str = "",
) -> Edit:
    """Do all of it or nothing. What costs more waits for its payment, what exceeds the actor's permission for us.

    While an edit waits the order stays as it is; what it adds is promised already. The same `form` again is the same
    edit.

    Raises:
        VersionStale: the order is not at `version` any more.
        What `preview_edit` raises.
    """
    order = Order.objects.locked(number)
    if form and (sent := order.edits.filter(form=form).first()):
        return sent
    if version is not None and version != order.version:
        raise VersionStale(f"Order {number} is at version {order.version} by now.", version=order.version)

    assessed = _assess(number, operations, actor=actor, at=at)
    if assessed.quote.idle:
        detail = "Nothing would change."
        raise Invalid(detail, errors=[FieldError("/operations", "nothing_changes", detail)])
    edit = _new_edit(order, assessed, actor=actor, by=by, at=at, form=form)
    if assessed.quote.verdict == "APPROVE":
        _wait_for_approval(order, edit, assessed, by=by, at=at)
    elif assessed.quote.to_pay:
        wait_for_payment(order, edit, assessed.quote.to_pay, minutes=assessed.state.payment_minutes, by=by, at=at)
        _promise(edit, assessed.extra, by=by, at=at)
    else:
        commit_edit(order, edit, assessed.state.order.lines, by=by, at=at)
    return edit


@transactional
def ask_to_cancel(
    *, number: str, reason: str = "", version: int | None = None, actor: str, by: str, at: datetime
) -> bool:
    """Cancel the whole order, or ask us to where the actor's permission does not reach; True when it waits for us, or
    for a warehouse that works on it.

    Cancelling twice is harmless.

    Raises:
        OrderNotFound, OrderAlreadyClosed, OrderPartlyShipped.
        EditWindowClosed, EditNotAllowed, EditAlreadyOpen, VersionStale.
    """
    if Order.objects.locked(number).status == Order.Status.CANCELLED:
        return False
    operation = {"op": "cancel_order", "reason": reason}
    edit = edit_order(number=number, operations=[operation], actor=actor, by=by, at=at, version=version)
    return edit.is_open or edit.order.status != Order.Status.CANCELLED


def wait_for_payment(order: Order, edit: Edit, due: Money, *, minutes: int, by: str, at: datetime) -> None:
    """Ask for what the edit costs more; it is given up by itself when that does not come. The order must be locked."""
    edit.state, edit.deadline = Edit.State.AWAITING_PAYMENT, at + timedelta(minutes=minutes)
    edit.ended_at = None
    edit.save()
    keep_back(order, edit, by=by, at=at)
    closes_at = max(edit.deadline - PAGE_CLOSES_BEFORE, at)
    request_checkout(
        order, edit=edit, amount=due.amount, gateway=order.channel.gateway, expires_at=closes_at, by=by, at=at
    )


def keep_back(order: Order, edit: Edit, *, by: str, at: datetime) -> None:
    """While a change waits the order does not go out; say what waits. The order must be locked."""
    detail = f"A change waits: {edit.get_state_display()}."
    if not order.holds.filter(reason=Hold.Reason.EDIT_OPEN, closed_at=None).exists():
        Hold.objects.create(order=order, reason=Hold.Reason.EDIT_OPEN, detail=detail, opened_at=at, opened_by=by)
    if order.status == Order.Status.RELEASED:
        order.move_to(Order.Status.HELD, at=at)
    else:
        order.touch(at=at)
    facts = {
        "edit": edit.pk,
        "state": edit.state,
        "actor": edit.actor,
        "operations": edit.operations,
        "total": {
            "before": str(round_amount(edit.total_before, edit.currency)),
            "after": str(round_amount(edit.total_after, edit.currency)),
            "currency": edit.currency,
        },
        "deadline": edit.deadline,
        "reasons": edit.reasons,
    }
    held = {"reason": Hold.Reason.EDIT_OPEN, "detail": detail}
    events.publish(
        [
            EditRequested(subject=order.number, by=by, at=at, facts=facts),
            OrderHeld(subject=order.number, by=by, at=at, facts=held),
        ]
    )


def _assess(number: str, raw: Operations, *, actor: str, at: datetime) -> _Assessed:
    operations = read_operations(raw)
    skus = {operation.sku for operation in operations if hasattr(operation, "sku")}
    address = next((each.address for each in operations if isinstance(each, ChangeAddress)), None)
    country = address.country if address else ""
    offer_items = name_offer_items(operations)
    state = read_edit_state(number, skus=skus, country=country, offer_items=offer_items, actor=actor, at=at)
    _refuse_ended(state)
    planned = plan_edit(state.order, operations, state.around)
    quote = _judge(state, operations, planned, actor=actor)
    _refuse_ended_offers(state, offer_items)
    _refuse_in_hand(state, dump_operations(operations))
    errors = [*planned.errors, *_address_errors(operations), *_contact_errors(operations, state.order)]
    if errors or planned.plan is None:
        raise Invalid(" ".join(error.detail for error in errors), errors=errors)
    cancels = any(isinstance(each, CancelOrder) for each in operations) and quote and quote.verdict == "ALLOW"
    if state.open_edit and not cancels:  # cancelling ends what waits
        raise EditAlreadyOpen(number, *state.open_edit)
    assert quote is not None
    refuse_uncollectable(quote.to_pay, gateway=state.gateway, test=state.test)
    return _Assessed(state, operations, planned.plan, quote, _extra_units(state, planned.plan))


def _refuse_ended(state: EditState) -> None:
    if state.status == Order.Status.CANCELLED:
        raise OrderAlreadyCancelled(state.order.number)
    if state.status == Order.Status.CLOSED:
        raise OrderAlreadyClosed(state.order.number)


def _refuse_ended_offers(state: EditState, items: Sequence[int]) -> None:
    """What the app that makes offers says against one of them; what it does not know the plan refuses."""
    for item in items:
        deal = state.around.deals.get(item)
        if deal is not None and deal.refusal is not None:
            raise deal.refusal


def _refuse_in_hand(state: EditState, operations: Sequence[Mapping[str, Any]]) -> None:
    partner = any(each.partner for each in state.in_hand)
    if state.in_hand and not fits_in_hand(operations, country=state.order.country, partner=partner):
        raise OrderAtWarehouse(state.order.number, [(each.number, each.warehouse) for each in state.in_hand])


def _address_errors(operations: Sequence[Operation]) -> list[FieldError]:
    return [
        error
        for place, each in enumerate(operations)
        if isinstance(each, ChangeAddress)
        for error in check_address(each.address.model_dump(), pointer=f"/operations/{place}/address")
    ]


def _contact_errors(operations: Sequence[Operation], order: OrderState) -> list[FieldError]:
    """Of what would be new: what stands there may have come from a channel."""
    address = next((each.address for each in operations if isinstance(each, ChangeAddress)), None)
    country = address.country if address else order.country
    errors = []
    for place, each in enumerate(operations):
        if isinstance(each, ChangeContact):
            new = {"email": each.email or "", "phone": each.phone or ""}
            new = {name: value for name, value in new.items() if value != getattr(order, name)}
            errors += check_contact(new, country, pointer=f"/operations/{place}")
    return errors


def _judge(state: EditState, operations: Sequence[Operation], planned: Planned, *, actor: str) -> Quote | None:
    """May this actor do this now? Asked before what is wrong with it is told: who may not edit learns only that.

    Raises:
        EditWindowClosed, EditNotAllowed.
    """
    order, plan = state.order, planned.plan
    stage = judge_stage(state.status, state.window, actor=actor, self_service=state.self_service)
    attempt = Attempt(
        actor=actor,
        operations=[operation.op for operation in operations],
        stage=stage,
        to_another_country=any(
            isinstance(each, ChangeAddress) and each.address.country != order.country for each in operations
        ),
        rise=plan.owed - (order.total - order.credited) if plan else NOTHING,
        currency=order.currency,
    )
    judgement = judge_permission(attempt, state.permissions)
    if judgement.ruling == "REFUSE":
        if actor == Edit.Actor.CUSTOMER and stage != "WINDOW_OPEN":
            closed = why_closed(state.status, state.window, self_service=state.self_service)
            raise EditWindowClosed(closed.sentence, because=closed.code, **closed.facts)
        sentence = judgement.sentence or f"{judgement.operation} is not allowed here."
        raise EditNotAllowed(sentence, operation=judgement.operation, actor=actor)
    if plan is None:
        return None

    reasons = list(planned.reasons)
    if judgement.ruling == "APPROVE":
        reasons.append(Reason("permission", judgement.sentence, {"operation": judgement.operation}))
    approve = judgement.ruling == "APPROVE" or (reasons and actor != Edit.Actor.STAFF)
    return _quote(state, plan, verdict="APPROVE" if approve else "ALLOW", reasons=reasons)


def _quote(state: EditState, plan: Plan, *, verdict: Any, reasons: Sequence[Reason]) -> Quote:
    order = state.order
    settlement = judge_settlement(order, plan)
    extra = _extra_units(state, plan)
    low = [
        choice.sku
        for choice in state.around.choices.values()
        if choice.variant_id in plan.wanted
        and (choice.low or float(choice.available - extra.get(choice.variant_id, NOTHING)) <= choice.low_at)
    ]
    return Quote(
        lines=quote_lines(order, plan),
        before=figures_before(order),
        after=figures_after(plan, order.currency),
        to_pay=Money(settlement.to_pay, order.currency),
        to_get_back=Money(settlement.to_get_back, order.currency),
        verdict=verdict,
        reasons=tuple(reasons),
        ends_window=bool(low) and state.window is not None and state.window.open,
        low_skus=tuple(sorted(low)),
        address=plan.address,
        email=plan.email,
        phone=plan.phone,
        shipping_method=plan.shipping_method,
        version=order.version,
        idle=_is_idle(order, plan),
    )


def _extra_units(state: EditState, plan: Plan) -> dict[int, Decimal]:
    """Units that the plan needs beyond what the order's lines have promised already, by variant id."""
    if state.test:
        return {}
    have: dict[int, Decimal] = {}
    for line in state.order.lines:
        if line.variant_id is not None:
            have[line.variant_id] = have.get(line.variant_id, NOTHING) + line.open
    rises = {variant: units - have.get(variant, NOTHING) for variant, units in plan.wanted.items()}
    return {variant: units for variant, units in rises.items() if units > 0}


def _refuse_shortage(assessed: _Assessed) -> None:
    by_id = {choice.variant_id: choice for choice in assessed.state.around.choices.values()}
    shortages = [
        Shortage(by_id[variant].sku, units, by_id[variant].available)
        for variant, units in sorted(assessed.extra.items())
        if by_id[variant].available < units
    ]
    if shortages:
        raise StockShort(shortages)


def _is_idle(before: OrderState, plan: Plan) -> bool:
    return (
        plan.lines == before.lines
        and plan.address in (None, before.address)
        and (plan.email, plan.phone, plan.shipping_method) == (before.email, before.phone, before.shipping_method)
    )


def _new_edit(order: Order, assessed: _Assessed, *, actor: str, by: str, at: datetime, form: str) -> Edit:
    return Edit(
        order=order,
        state=Edit.State.COMMITTED,
        actor=actor,
        by=by,
        form=form,
        operations=dump_operations(assessed.operations),
        plan=dump_plan(assessed.plan),
        before=describe_goods(assessed.state.order),
        reasons=[
            {"code": reason.code, "sentence": reason.sentence, "facts": dict(reason.facts)}
            for reason in assessed.quote.reasons
        ],
        total_before=order.total,
        total_after=assessed.plan.total,
        currency=order.currency,
        base_version=order.version,
        asked_at=at,
    )


def _wait_for_approval(order: Order, edit: Edit, assessed: _Assessed, *, by: str, at: datetime) -> None:
    edit.state = Edit.State.AWAITING_APPROVAL
    edit.deadline = at + timedelta(minutes=assessed.state.approval_minutes)
    edit.save()
    keep_back(order, edit, by=by, at=at)
    _promise(edit, assessed.extra, by=by, at=at)


def _promise(edit: Edit, extra: Mapping[int, Decimal], *, by: str, at: datetime) -> None:
    """What the edit adds is kept for it while it waits.

    Raises:
        StockShort
    """
    reserve([Claim(edit.stock_reference, variant, units, at) for variant, units in sorted(extra.items())], by=by, at=at)
