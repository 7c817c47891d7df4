"""Credit for a return goes where its owner bought; what it would not keep comes back once a person says so."""

from collections.abc import Sequence

from django.utils import timezone

from orders.events import WriteBackDismissed
from orders.models import WriteBack
from returns.actions.credit.moving import move_back, move_credit
from returns.events import CreditAdvanceEarned, CreditIssued
from returns.models import CreditLot, Return

RETURN = "return:"
"""What the source of credit begins with that was given for goods."""


def move_to_channels(told: Sequence[CreditIssued]) -> None:
    """A gift of ours is spent with us; credit for a return is the channel's, where it keeps any."""
    for event in told:
        source = str(event.facts["source"])
        if not source.startswith(RETURN):
            continue
        number = source.removeprefix(RETURN)
        order = Return.objects.filter(number=number).values_list("order__number", flat=True).first()
        lots = CreditLot.objects.filter(account__key=event.subject, source=source, issued_at=event.at)
        for key in lots.values_list("key", flat=True) if order else ():
            move_credit(key_of_lot=key, number=str(order), by=event.by, at=timezone.now())


def move_earned(told: Sequence[CreditAdvanceEarned]) -> None:
    """What was given in advance could not go to the channel before: it might have had to be taken back."""
    for event in told:
        number = str(event.facts["source"]).removeprefix(RETURN)
        order = Return.objects.filter(number=number).values_list("order__number", flat=True).first()
        if order:
            move_credit(key_of_lot=event.facts["lot"], number=order, by=event.by, at=timezone.now())


def take_back_dismissed(told: Sequence[WriteBackDismissed]) -> None:
    for event in told:
        if event.facts["kind"] == WriteBack.Kind.CREDIT:
            move_back(key=event.facts["credit"], by=event.by, at=timezone.now())
