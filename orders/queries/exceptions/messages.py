"""Messages that were not taken, here or on the other side, and money that did not go back."""

from datetime import datetime

from django.db.models import Q, QuerySet

from oms.exceptions import ExceptionType, Trouble
from oms.money import Money, round_amount
from orders.events import (
    MessageQuarantined,
    RepaymentFailed,
    RepaymentRequested,
    RepaymentWithdrawn,
    WriteBackAcknowledged,
    WriteBackDismissed,
    WriteBackFailed,
    WriteBackMismatched,
    WriteBackOverdue,
)
from orders.models import QuarantinedMessage, Repayment, WriteBack

_ENDED_BADLY = (WriteBack.State.FAILED, WriteBack.State.MISMATCHED)


def find_troubled_write_backs(at: datetime) -> QuerySet[WriteBack]:
    """Given up, done otherwise, or not acknowledged in time."""
    late = Q(state__in=WriteBack.UNDERWAY, alerted_at__isnull=False)
    found = WriteBack.objects.filter(Q(state__in=_ENDED_BADLY) | late)
    return found.select_related("order", "target").defer("body")


def _describe_write_back(message: WriteBack) -> Trouble:
    said = {
        WriteBack.State.FAILED: message.last_error or "it was given up",
        WriteBack.State.MISMATCHED: f"its copy differs in {len(message.differences)} places",
    }.get(WriteBack.State(message.state), message.last_error or "it has not acknowledged in time")
    cause = f"{message.target.name} does not have it ({message.get_kind_display()}): {said}"
    facts = {"target": message.target.code, "kind": message.kind, "state": message.state}
    return Trouble("order", message.order.number, cause, message.made_at, facts)


def find_quarantined(at: datetime) -> QuerySet[QuarantinedMessage]:
    return QuarantinedMessage.objects.open().select_related("channel").defer("body")


def _describe_quarantined(message: QuarantinedMessage) -> Trouble:
    facts = {"reason": message.reason, "external_id": message.external_id, "source": message.source}
    return Trouble("channel", message.channel.code, message.detail, message.received_at, facts)


def find_repayments(at: datetime) -> QuerySet[Repayment]:
    return Repayment.objects.for_a_person().select_related("order")


def _describe_repayment(repayment: Repayment) -> Trouble:
    what = Money(round_amount(repayment.amount, repayment.currency), repayment.currency)
    by_hand = repayment.state == Repayment.State.BY_HAND
    cause = (
        f"{what} has to be sent back by hand."
        if by_hand
        else f"{what} did not go back: {repayment.last_error or 'the gateway refused.'}"
    )
    facts = {"amount": str(repayment.amount), "currency": repayment.currency, "state": repayment.state}
    return Trouble("order", repayment.order.number, cause, repayment.asked_at, facts)


MESSAGES = (
    ExceptionType(
        code="write_back",
        title="Another system not told",
        hours=4,
        find=find_troubled_write_backs,
        describe=_describe_write_back,
        heard=(
            WriteBackFailed,
            WriteBackMismatched,
            WriteBackOverdue,
            WriteBackAcknowledged,
            WriteBackDismissed,
        ),
    ),
    ExceptionType(
        code="quarantine",
        title="Message not taken",
        hours=4,
        find=find_quarantined,
        describe=_describe_quarantined,
        heard=(MessageQuarantined,),
    ),
    ExceptionType(
        code="repayment",
        title="Money to send back",
        hours=8,
        find=find_repayments,
        describe=_describe_repayment,
        heard=(RepaymentRequested, RepaymentFailed, RepaymentWithdrawn),
    ),
)
