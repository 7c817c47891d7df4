"""Letters about store credit that no return tells of by itself."""

from datetime import datetime, timedelta
from decimal import Decimal

from django.utils.translation import gettext

from oms.mailing import Letter
from oms.templatetags.portal import say_amount, say_day
from orders.models import Order
from orders.queries.portal_links import make_link
from orders.wording.letters.parts import link_note
from returns.models import CreditAccount

_MOMENT = timedelta(microseconds=1)
"""An end is the first moment that is too late; people say the last day that is not."""


def write_given(account: CreditAccount, order: Order | None, *, amount: Decimal, ends: datetime | None) -> Letter:
    """A gift. `order`: the newest, by whose page the credit is reached."""
    said = say_amount(amount, account.currency)
    balance = (gettext("You have in all"), say_amount(account.balance, account.currency))
    return Letter(
        subject=gettext("%(amount)s of store credit for you") % {"amount": said},
        headline=gettext("We have given you %(amount)s") % {"amount": said},
        paragraphs=[
            gettext("It is store credit: you can pay with it whenever you buy from us again."),
            *([gettext("Use it until %(day)s.") % {"day": say_day(ends - _MOMENT)}] if ends else []),
        ],
        figures=[balance] if account.balance != amount else [],
        deed=_see_credit(order),
        closing=[link_note()] if order else [],
    )


def write_running_out(account: CreditAccount, order: Order | None, *, amount: Decimal, ends: datetime) -> Letter:
    words = {"amount": say_amount(amount, account.currency), "day": say_day(ends)}
    return Letter(
        subject=gettext("%(amount)s of your store credit runs out on %(day)s") % words,
        headline=gettext("Your credit runs out soon"),
        paragraphs=[
            gettext("From %(day)s on, %(amount)s of your store credit run out. What runs out first is spent first.")
            % words,
        ],
        figures=[(gettext("You have in all"), say_amount(account.balance, account.currency))],
        deed=_see_credit(order),
        closing=[link_note()] if order else [],
    )


def _see_credit(order: Order | None) -> tuple[str, str] | None:
    return (gettext("See your credit"), make_link(order, to="credit/")) if order else None
