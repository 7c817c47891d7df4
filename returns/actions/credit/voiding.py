"""Letting go what was set aside and is not needed."""

from datetime import datetime

from oms.transactions import transactional
from returns.actions.credit.books import close_book
from returns.actions.credit.capturing import open_held
from returns.errors import AuthorizationEnded
from returns.models import CreditAuthorization

State = CreditAuthorization.State


@transactional
def void_authorization(*, authorization_key: str, by: str, at: datetime) -> CreditAuthorization:
    """The amount can be spent again. Twice is harmless, and so is one that ran out.

    Raises:
        AuthorizationNotFound.
        AuthorizationEnded: it was captured; goods that came back are reversed.
    """
    book, hold = open_held(authorization_key, by=by, at=at)
    if hold.state == State.CAPTURED:
        raise AuthorizationEnded(hold.state)
    if hold.state == State.AUTHORIZED:
        book.end_hold(hold, State.VOIDED)
        close_book(book)
    return hold
