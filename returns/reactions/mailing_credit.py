"""Mails about store credit: a gift, and what runs out soon. Credit for a return is told of with the return."""

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal

from oms.actions.posting import Envelope, draft_letter, draft_withheld, post_messages
from oms.mailing import Letter, speaking_to
from oms.models import Message
from orders.models import Order
from returns.actions.credit.issuing import GOODWILL
from returns.events import CreditEvent, CreditIssued, CreditRunningOut
from returns.models import CreditAccount
from returns.wording.letters.crediting import write_given, write_running_out


def mail_credit_given(told: Sequence[CreditIssued]) -> None:
    for event in told:
        if str(event.facts["source"]).startswith(GOODWILL):
            _tell(event, "credit_given")


def mail_credit_running_out(told: Sequence[CreditRunningOut]) -> None:
    for event in told:
        _tell(event, "credit_running_out")


def _tell(event: CreditEvent, kind: str) -> None:
    """In the language of their newest order, and by its page."""
    account = CreditAccount.objects.select_related("customer").get(key=event.subject)
    orders = Order.objects.filter(customer=account.customer, email=account.customer.email, test=False)
    order = orders.order_by("-placed_at", "-id").first()
    envelope = Envelope(
        key=f"{kind}.{account.key}.{event.at.isoformat()}"[:120],
        kind=kind,
        about_kind="credit_account",
        about=account.key,
        to=account.customer.email,
    )
    if account.frozen_at is not None:
        post_messages([draft_withheld(envelope, Message.Why.HISTORY, at=event.at)])
        return
    with speaking_to(
        account.customer.locale or (order.locale if order else ""), country=order.country if order else ""
    ):
        post_messages([draft_letter(_write(event, account, order), envelope, at=event.at)])


def _write(event: CreditEvent, account: CreditAccount, order: Order | None) -> Letter:
    facts = event.facts
    if isinstance(event, CreditRunningOut):
        ends = _moment(facts["expires_at"])
        assert ends is not None
        return write_running_out(account, order, amount=Decimal(facts["amount"]), ends=ends)
    ends = min(filter(None, map(_moment, (facts["bonus_expires_at"], facts["base_expires_at"]))), default=None)
    return write_given(account, order, amount=Decimal(facts["base"]) + Decimal(facts["bonus"]), ends=ends)


def _moment(said: str | datetime | None) -> datetime | None:
    """As facts are stored: RFC 3339."""
    return datetime.fromisoformat(said) if isinstance(said, str) else said
