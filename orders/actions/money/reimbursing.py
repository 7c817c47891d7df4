"""What became of a repayment: recorded in a transaction that may run twice and then changes nothing twice."""

from datetime import datetime, timedelta

from oms import events
from oms.errors import FieldError, Invalid
from oms.money import round_amount
from oms.transactions import transactional
from orders.actions.money.repaying import lock_repayment, refuse_not_owed, tell_repayment, withdraw_unowed
from orders.actions.money.settling import settle_financial_status
from orders.errors import RepaymentNotOpen
from orders.events import RefundRecorded, RepaymentFailed
from orders.models import Order, Refund, Repayment
from orders.payments.port import ByHand, RefundAnswer, Refunded

LONGEST_REFERENCE = 100

LOOK_AGAIN = timedelta(hours=1)
"""Between looks at a refund that the gateway works on, in case its own message is lost."""

State = Repayment.State


@transactional
def record_answer(*, repayment_id: int, answer: RefundAnswer, by: str, at: datetime) -> Repayment:
    """Write down what the gateway said. Money that went back is a fact, whatever we thought of it before."""
    order, repayment = lock_repayment(repayment_id)
    if repayment.state == State.DONE:
        return repayment
    if isinstance(answer, Refunded):
        _finish(order, repayment, reference=answer.reference, by=by, at=at)
        return repayment

    repayment.doubtful, repayment.leased_until = False, None
    if isinstance(answer, ByHand):
        repayment.state, repayment.last_error = State.BY_HAND, answer.sentence
    else:
        repayment.state, repayment.reference = State.PENDING, answer.reference[:LONGEST_REFERENCE]
        repayment.attempts, repayment.run_after = 0, at + LOOK_AGAIN
    repayment.save()
    return repayment


@transactional
def record_failure(*, repayment_id: int, sentence: str, certain: bool = True, by: str, at: datetime) -> Repayment:
    """It did not go back, or it came home again from the customer's bank: then its refund is none any more.

    Not `certain`: the gateway was asked too often without an answer, so it may have gone all the same.
    """
    order, repayment = lock_repayment(repayment_id)
    if repayment.state == State.FAILED:
        return repayment
    undone = repayment.refund
    repayment.state, repayment.last_error, repayment.refund, repayment.done_at = State.FAILED, sentence, None, None
    repayment.doubtful, repayment.leased_until = not certain, None
    if undone or certain:
        repayment.reference = ""
    repayment.save()
    if undone:
        undone.delete()
        settle_financial_status(order, at=at)
    events.publish([tell_repayment(RepaymentFailed, repayment, by=by, at=at)])
    withdraw_unowed(order, by=by, at=at)  # while it may have gone it could not be taken back; now it can
    repayment.refresh_from_db(fields=["state"])
    return repayment


@transactional
def settle_by_hand(*, repayment_id: int, reference: str, by: str, at: datetime) -> Repayment:
    """Somebody has sent the money back elsewhere; `reference` is the bank's own name for it.

    Raises:
        RepaymentNotFound, RepaymentNotOpen.
        NothingOwedBack: the order owes the customer less by now.
        Invalid: the reference stands with another refund of this order.
    """
    order, repayment = lock_repayment(repayment_id)
    if repayment.state not in (State.BY_HAND, State.FAILED):
        raise RepaymentNotOpen(repayment_id, repayment.state)
    refuse_not_owed(order)
    if reference and order.refunds.filter(external_id=reference).exists():
        detail = f"{reference} stands with another refund of this order."
        raise Invalid(detail, errors=[FieldError("/reference", "reference_known", detail)])
    _finish(order, repayment, reference=reference, by=by, at=at)
    return repayment


def _finish(order: Order, repayment: Repayment, *, reference: str, by: str, at: datetime) -> None:
    """A Refund stands for it from now on: a new one, or the one that the channel has told us of already."""
    reference = reference[:LONGEST_REFERENCE]
    told = order.refunds.filter(external_id=reference, repayment=None).first() if reference else None
    refund = told or Refund.objects.create(
        order=order,
        payment=repayment.payment,
        external_id=reference,
        gateway=repayment.gateway,
        amount=repayment.amount,
        currency=repayment.currency,
        reason=repayment.reason,
        refunded_at=at,
    )
    repayment.state, repayment.refund, repayment.done_at, repayment.reference = State.DONE, refund, at, reference
    repayment.doubtful, repayment.leased_until, repayment.last_error = False, None, ""
    repayment.save()
    if told:
        told.payment = repayment.payment
        told.save(update_fields=["payment"])
        return
    settle_financial_status(order, at=at)
    facts = {
        "amount": str(round_amount(refund.amount, refund.currency)),
        "currency": refund.currency,
        "reason": refund.reason,
        "external_id": refund.external_id,
        "repayment": repayment.pk,
    }
    events.publish([RefundRecorded(subject=order.number, by=by, at=at, facts=facts)])
