"""Paying base out as money: by staff, where a law or goodwill asks for it. Bonus never becomes money."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.db.models import Sum

from oms.errors import FieldError, Invalid
from oms.money import fits_minor_unit
from oms.transactions import transactional
from returns.actions.credit.books import Book, close_book, open_book
from returns.errors import CreditFrozen, CreditShort
from returns.events import CreditPaidOut
from returns.models import CreditEntry, CreditLot
from returns.policies.credit.paying_out import LotState, PayOut, judge_pay_out
from returns.policies.credit.spending import NOTHING, draw_amount, sum_parts

Kind = CreditEntry.Kind


@dataclass(frozen=True, slots=True)
class PaidOut:
    """`money` is to be sent; `bonus` was canceled for it."""

    base: Decimal
    bonus: Decimal
    money: Decimal


@transactional
def pay_out_credit(
    *, account_key: str, amount: Decimal, reason: str, reference: str, key: str, by: str, at: datetime
) -> PaidOut:
    """Take so much base out of the account; what of it is money, once the bonus of that share is given up.

    `reference` is the bank's own. The same key again takes nothing.

    Raises:
        CreditAccountNotFound, CreditFrozen.
        CreditShort: less base is free that was earned.
        Invalid: no reason, or no amount.
    """
    book = open_book(account_key, by=by, at=at)
    name = f"pay_out:{key}"
    if known := list(CreditEntry.objects.filter(key=name, account=book.account)):
        return _sum_up(known)
    _refuse(book, amount, reason)
    payable = [part for part in book.free() if not part.bonus and book.lots[part.lot].earned]
    if sum_parts(payable) < amount:
        raise CreditShort(book.account.as_money(sum_parts(payable)))

    for draw in draw_amount(payable, amount):
        _pay_lot(book, book.lots[draw.lot], draw.amount, key=name, reference=reference, note=reason[:255])
    paid = _sum_up([entry for entry in book.entries if entry.key == name])
    facts = {"base": book.spell(paid.base), "bonus": book.spell(paid.bonus), "money": book.spell(paid.money)}
    close_book(book, [(CreditPaidOut, {**facts, "reason": reason[:255]})])
    return paid


def _refuse(book: Book, amount: Decimal, reason: str) -> None:
    if book.account.frozen_at is not None:
        raise CreditFrozen
    errors = []
    if not reason.strip():
        errors.append(FieldError("/reason", "reason_missing", "Say why: money leaves the house."))
    if amount <= 0 or not fits_minor_unit(amount, book.account.currency):
        errors.append(FieldError("/amount", "amount_not_possible", "Above zero, and in whole minor units."))
    if errors:
        raise Invalid(" ".join(error.detail for error in errors), errors=errors)


def _pay_lot(book: Book, lot: CreditLot, base: Decimal, *, key: str, reference: str, note: str) -> None:
    """Of a bonus that is held just now nothing can be canceled: it is deducted like one that was spent."""
    free = {part.bonus: part.left for part in book.free() if part.lot == lot.pk}
    paid = _judge(book, lot, base, free_bonus=free.get(True, NOTHING))
    book.note(
        lot,
        Kind.PAY_OUT,
        key,
        liability_base=-paid.base,
        liability_bonus=-paid.bonus,
        paid_out=paid.money,
        bonus_expense=paid.bonus + paid.base - paid.money,
        reference=reference,
        note=note,
    )


def _judge(book: Book, lot: CreditLot, base: Decimal, *, free_bonus: Decimal) -> PayOut:
    """What ran out of the bonus has done nobody any good, and is not deducted."""
    before = lot.entries.filter(kind=Kind.PAY_OUT).aggregate(base=Sum("liability_base"), bonus=Sum("bonus_expense"))
    lapsed = lot.entries.filter(kind=Kind.EXPIRE).aggregate(bonus=Sum("liability_bonus"))["bonus"] or NOTHING
    lapsed += sum((e.liability_bonus for e in book.entries if e.lot_id == lot.pk and e.kind == Kind.EXPIRE), NOTHING)
    state = LotState(
        base=lot.base,
        bonus=lot.bonus + lapsed,
        bonus_left=free_bonus,
        paid_before=-(before["base"] or NOTHING),
        bonus_before=before["bonus"] or NOTHING,
    )
    return judge_pay_out(state, base, book.account.currency)


def _sum_up(entries: list[CreditEntry]) -> PaidOut:
    return PaidOut(
        base=-sum((entry.liability_base for entry in entries), NOTHING),
        bonus=-sum((entry.liability_bonus for entry in entries), NOTHING),
        money=sum((entry.paid_out for entry in entries), NOTHING),
    )
