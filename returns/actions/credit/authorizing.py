"""Setting credit aside for a sale."""

import hashlib
from datetime import datetime, timedelta
from decimal import Decimal

from oms.errors import FieldError, Invalid
from oms.money import fits_minor_unit
from oms.reading import fetch_objects
from oms.transactions import transactional
from returns.actions.credit.books import Book, close_book, open_book
from returns.errors import CreditFrozen, CreditKeyReused, CreditShort, CurrencyMismatch
from returns.models import CreditAuthorization
from returns.policies.credit.spending import NOTHING, sum_parts

LASTS = timedelta(days=7)
"""As long as card networks keep one; a sale that is not captured by then is none."""


@transactional
def authorize_credit(
    *, account_key: str, amount: Decimal, currency: str, reference: str, key: str, by: str, at: datetime
) -> CreditAuthorization:
    """Set the amount aside until it is captured, voided, or out of time; the same key again sets nothing aside.

    Raises:
        CreditAccountNotFound, CreditFrozen, CurrencyMismatch.
        CreditShort: less is there.
        CreditKeyReused: the key set aside something else.
        Invalid: nothing, or a part of a minor unit.
    """
    if amount <= 0 or not fits_minor_unit(amount, currency):
        detail = f"An amount must be above zero and in whole minor units of {currency}."
        raise Invalid(detail, errors=[FieldError("/amount/amount", "amount_not_possible", detail)])
    name = _name_of(account_key, key)
    book = open_book(account_key, meant=name, by=by, at=at)
    if known := book.meant:
        if (known.amount, known.currency) != (amount, currency):
            raise CreditKeyReused(key)
        return known
    _refuse(book, amount, currency)

    authorization = CreditAuthorization(
        key=name,
        account=book.account,
        reference=reference,
        amount=amount,
        captured=NOTHING,
        reversed=NOTHING,
        currency=currency,
        expires_at=at + LASTS,
        authorized_at=at,
        authorized_by=by,
    )
    book.new.append(authorization)
    book.account.held += amount
    close_book(book)
    return authorization


def find_authorization(key: str) -> CreditAuthorization | None:
    found = fetch_objects(CreditAuthorization, "WHERE key = %s", [key])
    return found[0] if found else None


def _name_of(account_key: str, key: str) -> str:
    """The name follows from the key, so that the same key cannot make two."""
    return "hold_" + hashlib.sha256(f"{account_key}\x1f{key}".encode()).hexdigest()[:26]


def _refuse(book: Book, amount: Decimal, currency: str) -> None:
    account = book.account
    if account.frozen_at is not None:
        raise CreditFrozen
    if account.currency != currency:
        raise CurrencyMismatch(currency, account.currency)
    free = sum_parts(book.free())
    if free < amount:
        raise CreditShort(account.as_money(free))
