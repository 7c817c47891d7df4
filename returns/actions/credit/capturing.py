"""Spending what was set aside."""

from datetime import datetime
from decimal import Decimal

from oms.errors import FieldError, Invalid
from oms.money import fits_minor_unit
from oms.transactions import transactional
from orders.models import Order
from returns.actions.credit.books import Book, close_book, open_book_by
from returns.errors import AuthorizationEnded
from returns.events import CreditCaptured
from returns.models import CreditAuthorization, CreditEntry
from returns.policies.credit.spending import cut_draws

State = CreditAuthorization.State


@transactional
def capture_credit(
    *, authorization_key: str, amount: Decimal | None = None, order: Order | None = None, by: str, at: datetime
) -> CreditAuthorization:
    """Spend what was set aside, or a part: once. The rest is free again. The same amount a second time changes nothing.

    With an `order` it pays for that one and for no other. A frozen account pays what it had promised.

    Raises:
        AuthorizationNotFound.
        AuthorizationEnded: it was captured with another amount or for another order, voided, or ran out.
        Invalid: more than was set aside, nothing, or a part of a minor unit.
    """
    book, hold = open_held(authorization_key, by=by, at=at)
    if hold.state == State.CAPTURED and amount in (None, hold.captured):
        return _bind(book, hold, order)
    if hold.state != State.AUTHORIZED:
        raise AuthorizationEnded(hold.state)
    spent = hold.amount if amount is None else amount
    _refuse_nonsense(hold, spent)
    _spend(book, hold, spent, order)
    return hold


def _bind(book: Book, hold: CreditAuthorization, order: Order | None) -> CreditAuthorization:
    """What a shop captured before it placed the order is known by it from now on."""
    if order is None or hold.order_id == order.pk:
        return hold
    if hold.order_id is not None:
        raise AuthorizationEnded(hold.state)
    hold.order = order
    book.ended[hold.key] = hold
    close_book(book)
    return hold


def open_held(key: str, *, by: str, at: datetime) -> tuple[Book, CreditAuthorization]:
    """The book of the account, and the authorization as it is under its lock.

    Raises:
        AuthorizationNotFound
    """
    book = open_book_by(key, by=by, at=at)
    assert book.meant is not None  # its account was found by it
    return book, book.meant


def _refuse_nonsense(hold: CreditAuthorization, amount: Decimal) -> None:
    if not 0 < amount <= hold.amount or not fits_minor_unit(amount, hold.currency):
        detail = f"Above zero, at most what was authorized, in whole minor units of {hold.currency}."
        raise Invalid(detail, errors=[FieldError("/amount/amount", "amount_not_possible", detail)])


def _spend(book: Book, hold: CreditAuthorization, amount: Decimal, order: Order | None) -> None:
    drawn = cut_draws(book.assigned()[hold.key], amount)
    reference = order.number if order else hold.reference
    book.take(
        drawn, CreditEntry.Kind.CAPTURE, "sales", key=f"capture:{hold.key}", reference=reference, authorization=hold
    )
    book.end_hold(hold, State.CAPTURED)
    hold.captured = amount
    if order:
        hold.order = order
    facts = {"authorization": hold.key, "amount": book.spell(amount), "reference": reference}
    close_book(book, [(CreditCaptured, facts)])
