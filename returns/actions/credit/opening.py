"""Opening accounts of store credit: one a customer and currency."""

import secrets
from datetime import datetime

from oms.encryption import seal
from oms.money import minor_unit
from oms.transactions import transactional
from orders.models import Customer
from returns.actions.credit.books import close_book, open_book
from returns.events import CreditCodeRenewed
from returns.models import CreditAccount
from returns.queries.credit.codes import digest_code, draw_code


def open_account(customer: Customer, currency: str, *, at: datetime) -> CreditAccount:
    """The customer's account in this currency, opened if there is none.

    Raises:
        UnknownCurrency
    """
    minor_unit(currency)
    theirs = CreditAccount.objects.filter(customer=customer, currency=currency)
    return theirs.first() or _open(customer, currency, at=at) or theirs.get()


def _open(customer: Customer, currency: str, *, at: datetime) -> CreditAccount | None:
    """None where somebody else was faster."""
    code = draw_code()
    account = CreditAccount(
        key=f"credit_{secrets.token_hex(10)}",
        customer=customer,
        currency=currency,
        code_digest=digest_code(code),
        code_sealed=seal(code.encode()),
        opened_at=at,
    )
    CreditAccount.objects.bulk_create([account], ignore_conflicts=True)
    return CreditAccount.objects.filter(key=account.key).first()


@transactional
def renew_code(*, account_key: str, by: str, at: datetime) -> CreditAccount:
    """Another code for tills; the old one, which somebody has seen or nobody can read any more, finds nothing.

    Raises:
        CreditAccountNotFound
    """
    book = open_book(account_key, by=by, at=at)
    code = draw_code()
    book.account.code_digest, book.account.code_sealed = digest_code(code), seal(code.encode())
    book.account.save(update_fields=["code_digest", "code_sealed"])
    close_book(book, [(CreditCodeRenewed, {})])
    return book.account
