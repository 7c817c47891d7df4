"""Forgiving what a customer owes us: credit that was advanced, spent and never earned, and that nobody will collect."""

from datetime import datetime
from decimal import Decimal

from oms.errors import FieldError, Invalid
from oms.money import fits_minor_unit
from oms.transactions import transactional
from returns.actions.credit.books import Book, add_lots, close_book, open_book
from returns.errors import NothingOwed
from returns.events import CreditForgiven
from returns.models import CreditAccount, CreditEntry, CreditLot
from returns.policies.credit.spending import NOTHING


@transactional
def forgive_receivable(
    *, account_key: str, amount: Decimal, reason: str, key: str, by: str, at: datetime
) -> CreditAccount:
    """Write off so much of what is owed; it stands in the books as goodwill. The same key again forgives nothing.

    What an authorization still holds of it cannot be forgiven: should that end unused, it is paid by itself.

    Raises:
        CreditAccountNotFound.
        NothingOwed: less is owed than that.
        Invalid: no reason, or no amount.
    """
    _refuse_nonsense(amount, reason)
    book = open_book(account_key, by=by, at=at)
    name = f"write_off:{key}"
    if CreditEntry.objects.filter(key=name, account=book.account).exists():
        return book.account
    _refuse_too_much(book, amount)

    lot = _find_cause(book.account)
    add_lots(book, [lot])
    book.note(
        book.lots[lot], CreditEntry.Kind.WRITE_OFF, name, receivable=amount, goodwill=-amount, note=reason.strip()[:255]
    )
    facts = {
        "amount": book.spell(amount),
        "receivable": book.spell(book.account.receivable),
        "reason": reason.strip()[:255],
    }
    close_book(book, [(CreditForgiven, facts)])
    return book.account


def _refuse_nonsense(amount: Decimal, reason: str) -> None:
    errors = []
    if not reason.strip():
        errors.append(FieldError("/reason", "reason_missing", "Say why: it is a loss in the books."))
    if amount <= 0:
        errors.append(FieldError("/amount", "amount_not_possible", "Above zero."))
    if errors:
        raise Invalid(" ".join(error.detail for error in errors), errors=errors)


def _refuse_too_much(book: Book, amount: Decimal) -> None:
    account = book.account
    if not fits_minor_unit(amount, account.currency):
        detail = f"In whole minor units of {account.currency}."
        raise Invalid(detail, errors=[FieldError("/amount", "amount_not_possible", detail)])
    owed = max(account.receivable - account.held, NOTHING)
    if amount > owed:
        raise NothingOwed(account.as_money(owed))


def _find_cause(account: CreditAccount) -> int:
    """The advance that was taken back last: it is for that that they owe us."""
    causes = CreditLot.objects.filter(account=account, entries__kind=CreditEntry.Kind.CLAW_BACK)
    return causes.filter(entries__receivable__lt=0).latest("entries__id").pk
