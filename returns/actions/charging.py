"""What was given in advance and never earned: charged, or forgiven. A person decides."""

from datetime import datetime
from decimal import Decimal

from oms.money import round_amount
from oms.transactions import transactional
from oms.writing import update_rows
from orders.actions.money.giving import debit_goods
from orders.actions.money.settling import settle_financial_status
from returns.actions.closing import close_if_done
from returns.actions.credit.clawing_back import claw_back
from returns.actions.credit.issuing import Gift, earn_credit, issue_credit
from returns.actions.locking import lock_return
from returns.actions.remedies.asking import ask_difference
from returns.choices import Resolution
from returns.errors import AdvanceEnded
from returns.models import Advance, CreditLot, ReturnItem

State = Advance.State


@transactional
def charge_advance(*, advance_id: int, by: str, at: datetime) -> Advance:
    """Take it back for what was not accepted: credit, or the customer is asked to pay. Twice is
    harmless.

    Raises:
        AdvanceEnded: it was earned or forgiven.
    """
    advance = _lock(advance_id)
    if advance.state == State.CHARGED:
        return advance
    _refuse_ended(advance)
    kept = _accepted_share(advance)
    if advance.settlement.remedy == Resolution.STORE_CREDIT:
        _take_credit_back(advance, kept, by=by, at=at)
    else:
        order, unearned = advance.of.order, advance.settlement.given - _part(advance.settlement.given, kept, advance)
        debit_goods(order, unearned, at=at)
        settle_financial_status(order, at=at)
        if order.balance.amount > 0:
            ask_difference(order, order.balance.amount, by=by, at=at)
    return _end(advance, State.CHARGED, by=by, at=at)


@transactional
def forgive_advance(*, advance_id: int, because: str, by: str, at: datetime) -> Advance:
    """Let the customer have it. Twice is harmless.

    Raises:
        AdvanceEnded: it was earned or charged.
    """
    advance = _lock(advance_id)
    if advance.state == State.FORGIVEN:
        return advance
    _refuse_ended(advance)
    if advance.settlement.remedy == Resolution.STORE_CREDIT:
        _leave_credit(advance, _accepted_share(advance), by=by, at=at)
    advance.note = because[:255]
    return _end(advance, State.FORGIVEN, by=by, at=at)


def _lock(advance_id: int) -> Advance:
    number = Advance.objects.values_list("of__number", flat=True).get(id=advance_id)
    found = lock_return(number)
    advance = (
        Advance.objects.select_for_update(of=("self",), no_key=True).select_related("settlement").get(id=advance_id)
    )
    advance.of = found
    return advance


def _refuse_ended(advance: Advance) -> None:
    if advance.state not in (State.OPEN, State.OVERDUE):
        raise AdvanceEnded(advance.state)


def _accepted_share(advance: Advance) -> tuple[Decimal, Decimal]:
    """The value of what was accepted of it, and of all."""
    items = list(advance.settlement.items.all())
    accepted = [item.value for item in items if item.acceptance == ReturnItem.Acceptance.ACCEPTED]
    return sum(accepted, Decimal(0)), sum((item.value for item in items), Decimal(0))


def _part(amount: Decimal, kept: tuple[Decimal, Decimal], advance: Advance) -> Decimal:
    accepted, whole = kept
    return round_amount(amount * accepted / whole, advance.currency) if whole else Decimal(0)


def _take_credit_back(advance: Advance, kept: tuple[Decimal, Decimal], *, by: str, at: datetime) -> None:
    """All of the lot; what was accepted after all is given anew, with its bonus."""
    lot = CreditLot.objects.select_related("account__customer").filter(key=advance.settlement.key).first()
    if lot is None:
        return
    claw_back(key_of_lot=lot.key, by=by, at=at)
    base, bonus = _part(lot.base, kept, advance), _part(lot.bonus, kept, advance)
    _owe_goods_again(advance, lot.base - base, at=at)
    if base + bonus > 0:
        gift = Gift(
            customer=lot.account.customer,
            currency=advance.currency,
            base=base,
            bonus=bonus,
            key=f"{lot.key}:kept",
            source=lot.source,
            bonus_expires_at=lot.bonus_expires_at,
            base_expires_at=lot.base_expires_at,
        )
        issue_credit(gift, by=by, at=at)


def _leave_credit(advance: Advance, kept: tuple[Decimal, Decimal], *, by: str, at: datetime) -> None:
    """It is theirs; what it was given for and never came is goodwill."""
    lot = CreditLot.objects.filter(key=advance.settlement.key).first()
    if lot is not None:
        forgiven = lot.base - _part(lot.base, kept, advance), lot.bonus - _part(lot.bonus, kept, advance)
        earn_credit(key_of_lot=lot.key, forgiven=forgiven, by=by, at=at)


def _owe_goods_again(advance: Advance, unearned: Decimal, *, at: datetime) -> None:
    """The order was credited with what is credit no more: it counts as paid again, as the goods are the customer's."""
    order, key = advance.of.order, advance.settlement.key
    debit_goods(order, unearned, at=at)
    given = [each for each in order.refunds.order_by("id") if each.external_id.partition("/")[0] == key]
    for refund in given:
        taken = min(unearned, refund.amount)
        refund.amount, unearned = refund.amount - taken, unearned - taken
    update_rows(given, ["amount"])
    settle_financial_status(order, at=at)


def _end(advance: Advance, state: str, *, by: str, at: datetime) -> Advance:
    advance.state, advance.ended_at = state, at
    advance.save(update_fields=["state", "ended_at", "note"])
    close_if_done(advance.of, because="What was advanced is settled.", by=by, at=at)
    return advance
