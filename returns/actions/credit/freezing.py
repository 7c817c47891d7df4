"""Freezing an account while something about it is looked into."""

from datetime import datetime, timedelta

from django.db.models import F

from oms.errors import FieldError, Invalid
from oms.transactions import transactional
from returns.actions.credit.books import close_book, open_book
from returns.events import CreditFrozenByStaff
from returns.models import CreditAccount, CreditLot


@transactional
def freeze_account(*, account_key: str, reason: str, by: str, at: datetime) -> CreditAccount:
    """Nothing more is authorized or paid out. What was authorized is still paid; nothing runs out meanwhile.

    Raises:
        CreditAccountNotFound.
        Invalid: without a reason.
    """
    if not reason.strip():
        detail = "Say why: the next one who looks will ask."
        raise Invalid(detail, errors=[FieldError("/reason", "reason_missing", detail)])
    book = open_book(account_key, by=by, at=at)
    if book.account.frozen_at is None:
        book.account.frozen_at, book.account.frozen_because = at, reason[:255]
        close_book(book, [(CreditFrozenByStaff, {"frozen": True, "reason": reason[:255]})])
    return book.account


@transactional
def thaw_account(*, account_key: str, reason: str = "", by: str, at: datetime) -> CreditAccount:
    """It can be spent again, and runs out as much later as it was frozen.

    Raises:
        CreditAccountNotFound
    """
    account = CreditAccount.objects.locked(account_key)
    if account.frozen_at is None:
        return account
    _move_ends(account, at - account.frozen_at)
    book = open_book(account_key, by=by, at=at)
    book.account.frozen_at, book.account.frozen_because = None, ""
    close_book(book, [(CreditFrozenByStaff, {"frozen": False, "reason": reason[:255]})])
    return book.account


def _move_ends(account: CreditAccount, by: timedelta) -> None:
    CreditLot.objects.filter(account=account).update(
        base_expires_at=F("base_expires_at") + by, bonus_expires_at=F("bonus_expires_at") + by
    )
