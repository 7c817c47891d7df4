"""Asking gateways: outside of any transaction, after what is asked was written down; the answer is recorded by another.

A worker leases a row, notes that its answer is in doubt, asks, and records. Should it die in between, the next one asks
again under the same key, so the gateway does it once. Rows are taken one by one, because a gateway may take its time;
one that does not answer is left in peace for the rest of the round.
"""

import logging
import random
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import TypeVar

from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet

from oms.money import round_amount
from orders.actions.money.charging import expire_checkouts
from orders.actions.money.collecting import ask_checkout
from orders.actions.money.reaching import reach_gateway
from orders.actions.money.reimbursing import record_answer, record_failure
from orders.models import Checkout, Edit, Repayment
from orders.payments.port import GatewayRefused, GatewayUnavailable, RefundAsk

log = logging.getLogger(__name__)

LEASE = timedelta(minutes=5)
"""Longer than any call may take; a worker that died gives its row back after it."""

BACKOFF = [timedelta(seconds=seconds) for seconds in (5, 15, 60, 300, 900, 1800, 3600, 7200, 14_400, 28_800)]
"""Waits after each silence: sixteen hours in all, while gateways still remember our keys."""

SHORT_OF_PATIENCE = 3
"""Somebody waits for a page to pay on: its waits grow no longer than the third."""

Row = TypeVar("Row", Checkout, Repayment)
Silent = set[tuple[str, int]]


def ask_gateways(*, at: datetime, limit: int = 50) -> int:
    """Open, look after and close checkouts, and send money back, whatever is due; how many were asked."""
    expire_checkouts(at=at)
    silent: Silent = set()
    asked = _ask_all(_due_checkouts(at), ask_checkout, silent=silent, at=at, limit=limit)
    return asked + _ask_all(_due_repayments(at), ask_repayment, silent=silent, at=at, limit=limit)


def ask_repayment(repayment: Repayment, at: datetime) -> None:
    """Have the gateway send it back, or say how it stands.

    Raises:
        GatewayUnavailable
    """
    gateway = reach_gateway(repayment.gateway, repayment.order, at=at)
    by = f"gateway:{gateway.code}"
    try:
        answer = gateway.refund(describe_ask(repayment))
    except GatewayRefused as refusal:
        record_failure(repayment_id=repayment.pk, sentence=str(refusal), by=by, at=at)
    else:
        record_answer(repayment_id=repayment.pk, answer=answer, by=by, at=at)


def describe_ask(repayment: Repayment) -> RefundAsk:
    """What the gateway is asked: the same each time, but for a new key whenever staff send it again."""
    identity = str(repayment.key)
    return RefundAsk(
        identity=identity,
        key=f"{identity}-{repayment.retries}" if repayment.retries else identity,
        order=repayment.order.number,
        payment_reference=repayment.payment.reference,
        charged=round_amount(repayment.payment.amount, repayment.currency),
        amount=round_amount(repayment.amount, repayment.currency),
        currency=repayment.currency,
        reason=repayment.reason,
        again=repayment.doubtful or bool(repayment.retries),
        reference=repayment.reference,
    )


def _due_checkouts(at: datetime) -> QuerySet[Checkout]:
    return Checkout.objects.filter(Q(state__in=Checkout.LIVE) | Q(closing=True), _free(at), run_after__lte=at)


def _due_repayments(at: datetime) -> QuerySet[Repayment]:
    """Not what a change counts on that waits for its payment: once that is here, less is owed back, or nothing."""
    states = [Repayment.State.WAITING, Repayment.State.PENDING]
    due = Repayment.objects.filter(_free(at), state__in=states, run_after__lte=at)
    waiting = Edit.objects.filter(order=OuterRef("order"), state=Edit.State.AWAITING_PAYMENT)
    counted_on = Q(Exists(waiting), state=Repayment.State.WAITING, doubtful=False)
    return due.exclude(counted_on).select_related("payment")


def _free(at: datetime) -> Q:
    return Q(leased_until=None) | Q(leased_until__lte=at)


def _ask_all(
    due: QuerySet[Row], ask: Callable[[Row, datetime], None], *, silent: Silent, at: datetime, limit: int
) -> int:
    """One after the other until none is left or `limit` were asked."""
    asked = 0
    while asked < limit and (row := _lease(due, silent, at=at)):
        asked += 1
        try:
            ask(row, at)
        except GatewayUnavailable as silence:
            silent.add((row.gateway, row.order.channel_id))
            _postpone(row, str(silence), at=at, least=timedelta(seconds=silence.retry_after))
        except Exception as error:  # whatever it was, it must be seen and tried again
            log.exception("Asking %s for %s %s failed.", row.gateway, type(row).__name__, row.pk)
            _postpone(row, f"Something broke here ({type(error).__name__}).", at=at)
    return asked


@transaction.atomic
def _lease(due: QuerySet[Row], silent: Silent, *, at: datetime) -> Row | None:
    """The longest waiting row, so taken that no other worker takes it too. It says whether it was in doubt before.

    An order that is being edited is left in peace: what is to be asked may change. Whether the row is still due is
    looked at once more under the lock, which may have waited for another statement's commit.
    """
    for gateway, channel in silent:
        due = due.exclude(gateway=gateway, order__channel_id=channel)
    rows = due.order_by("run_after", "id").select_for_update(skip_locked=True, of=("self", "order"), no_key=True)
    row = rows.select_related("order__channel").first()
    if row is None or not due.filter(pk=row.pk).exists():
        return None
    before = row.doubtful
    row.leased_until, row.attempts, row.doubtful = at + LEASE, row.attempts + 1, before or not row.reference
    row.save(update_fields=["leased_until", "attempts", "doubtful"])
    row.doubtful = before
    return row


def _postpone(row: Checkout | Repayment, sentence: str, *, at: datetime, least: timedelta = timedelta(0)) -> None:
    """Wait and ask again; or give up what a person must look at."""
    if row.attempts > len(BACKOFF) and _may_give_up(row):
        _give_up(row, sentence, at=at)
        return
    patience = SHORT_OF_PATIENCE if isinstance(row, Checkout) and not row.closing else len(BACKOFF)
    wait = BACKOFF[min(row.attempts, patience) - 1] * random.uniform(0.8, 1.2)  # noqa: S311 - jitter, not a secret
    type(row).objects.filter(pk=row.pk).update(
        run_after=at + max(wait, least), leased_until=None, last_error=sentence[:2000]
    )


def _may_give_up(row: Checkout | Repayment) -> bool:
    """A page that is asked for, or open, ends at its own time; a refund that the gateway works on is its affair."""
    return row.closing if isinstance(row, Checkout) else row.state == Repayment.State.WAITING


def _give_up(row: Checkout | Repayment, sentence: str, *, at: datetime) -> None:
    if isinstance(row, Checkout):  # no gateway keeps a page open for longer than we have tried
        Checkout.objects.filter(pk=row.pk).update(closing=False, leased_until=None, last_error=sentence[:2000])
    else:
        record_failure(repayment_id=row.pk, sentence=sentence, certain=False, by="system", at=at)
