"""Store credit, given, held and spent by the product's own actions."""

import itertools
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db.models import Sum

from orders.models import Customer
from returns.actions.credit.authorizing import authorize_credit
from returns.actions.credit.capturing import capture_credit
from returns.actions.credit.issuing import Gift, issue_credit
from returns.models import CreditAccount, CreditAuthorization, CreditEntry, CreditLot
from tests.make.moments import ADA, NOON

_numbers = itertools.count(1)


def buyer(email: str = "ada@example.com") -> Customer:
    return Customer.objects.get_or_create(email=email, defaults={"name": "Ada Meier"})[0]


def given(base: str = "100.00", bonus: str = "10.00", *, at: datetime = NOON, **fields: Any) -> CreditLot:
    """Credit of Ada, for goods that came back."""
    number = next(_numbers)
    words = {"key": f"gift-{number}", "source": f"return:RMA-{number}", "customer": None, "currency": "EUR"} | fields
    words["customer"] = words["customer"] or buyer()
    return issue_credit(Gift(base=Decimal(base), bonus=Decimal(bonus), **words), by=ADA, at=at)


def account_of(lot: CreditLot) -> CreditAccount:
    return CreditAccount.objects.get(id=lot.account_id)


def hold(account: CreditAccount, amount: str, *, key: str = "", at: datetime = NOON) -> CreditAuthorization:
    return authorize_credit(
        account_key=account.key,
        amount=Decimal(amount),
        currency=account.currency,
        reference="till 7",
        key=key or f"sale-{next(_numbers)}",
        by=ADA,
        at=at,
    )


def spend(account: CreditAccount, amount: str, *, at: datetime = NOON) -> CreditAuthorization:
    return capture_credit(authorization_key=hold(account, amount, at=at).key, by=ADA, at=at)


def balance(account: CreditAccount) -> tuple[str, str, str, str]:
    """Base, bonus, what is held of both, and what the customer owes us."""
    now = CreditAccount.objects.get(id=account.pk)
    return tuple(f"{amount:.2f}" for amount in (now.base, now.bonus, now.held, now.receivable))  # type: ignore[return-value]


def books(account: CreditAccount) -> dict[str, str]:
    """What stands in the books, account by account of theirs; what is nought is left out."""
    sides = (
        "goods_back",
        "goodwill",
        "bonus_expense",
        "breakage",
        "sales",
        "receivable",
        "paid_out",
        "moved",
        "advanced",
    )
    sums = CreditEntry.objects.filter(account=account).aggregate(**{side: Sum(side) for side in sides})
    return {side: f"{amount:.2f}" for side, amount in sums.items() if amount}
