"""Giving before the goods are back: within limits, until a day. Then it is earned, or a person decides."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from decimal import Decimal

from django.conf import settings
from django.db.models import Sum

from oms.money import round_amount
from oms.sql import fetch_all
from oms.transactions import transactional
from returns.actions.closing import close_if_done
from returns.actions.credit.issuing import earn_credit
from returns.actions.locking import lock_return
from returns.actions.settling import give_for
from returns.choices import Resolution
from returns.errors import AdvanceTooMuch, AdvanceWithheld
from returns.models import AbuseScore, Advance, Return, ReturnItem, Settlement
from returns.policies.exposure import Exposure, exceeded, find_limit

State = Advance.State


@transactional
def advance_return(*, number: str, item_ids: Sequence[int] = (), by: str, at: datetime) -> list[Settlement]:
    """Give for these items now (all that wait, if none are named), though their goods are not back. Twice is harmless.

    Raises:
        ReturnNotFound, ReturnNotOpen.
        AdvanceWithheld: the return's score says no.
        AdvanceTooMuch: more would be at risk than is allowed, of this customer or altogether.
    """
    found = lock_return(number)
    waiting = found.items.filter(settlement=None, acceptance=ReturnItem.Acceptance.PENDING)
    waiting = waiting.exclude(reception__in=[ReturnItem.Reception.CANCELED, ReturnItem.Reception.SURPLUS])
    items = list(waiting.select_related("line", "new_order"))
    return advance_items(found, [item for item in items if not item_ids or item.pk in item_ids], by=by, at=at)


def advance_items(found: Return, items: Sequence[ReturnItem], *, by: str, at: datetime) -> list[Settlement]:
    """The same with the order and the return locked."""
    if not items:
        return []
    _refuse_withheld(found)
    currency = found.order.currency
    # One after the other, or two would each fit under a limit that both together exceed.
    fetch_all("SELECT pg_advisory_xact_lock(hashtext(%s))", [f"returns.advances.{currency}"])
    exposure = read_exposure(found)
    given = give_for(found, items, advanced=True, by=by, at=at)
    amount = sum((each.given + each.bonus for each in given), Decimal(0))
    if too_much := exceeded(
        round_amount(amount, currency), exposure, find_limit(settings.RETURN_ADVANCE_LIMITS, currency), currency
    ):
        raise AdvanceTooMuch(*too_much)
    due_at = at + timedelta(days=settings.RETURN_ADVANCE_DAYS)
    Advance.objects.bulk_create(
        Advance(of=found, settlement=each, amount=each.given + each.bonus, currency=currency, due_at=due_at)
        for each in given
        if each.given + each.bonus > 0
    )
    return given


def _refuse_withheld(found: Return) -> None:
    score = AbuseScore.objects.filter(of=found, overturned_at=None, effects__contains="no_advance").first()
    if score:
        raise AdvanceWithheld(found.number, f"its score is {score.points}.")


def read_exposure(found: Return) -> Exposure:
    """What is out in the order's currency and not earned yet: the customer's (known by mail), and altogether."""
    risk = Advance.objects.filter(state__in=[State.OPEN, State.OVERDUE], currency=found.order.currency)
    everybody = risk.aggregate(sum=Sum("amount"))["sum"] or Decimal(0)
    theirs = risk.filter(of__order__email=found.order.email).aggregate(sum=Sum("amount"))["sum"] or Decimal(0)
    return Exposure(theirs, everybody)


def end_advances(found: Return, *, by: str, at: datetime) -> None:
    """After an inspection: what was given for goods that are all accepted is earned, though they came late; for others
    a person decides."""
    waiting = list(found.advances.filter(state__in=[State.OPEN, State.OVERDUE]).select_related("settlement"))
    for advance in waiting:
        acceptances = set(advance.settlement.items.values_list("acceptance", flat=True))
        if acceptances == {ReturnItem.Acceptance.ACCEPTED}:
            _earn(advance, by=by, at=at)
        elif advance.state == State.OPEN and ReturnItem.Acceptance.REJECTED in acceptances:
            advance.state, advance.note = State.OVERDUE, "Not all of it was accepted."
            advance.save(update_fields=["state", "note"])


def _earn(advance: Advance, *, by: str, at: datetime) -> None:
    advance.state, advance.ended_at = State.EARNED, at
    advance.save(update_fields=["state", "ended_at"])
    settlement = advance.settlement
    if settlement.remedy == Resolution.STORE_CREDIT:
        earn_credit(key_of_lot=settlement.key, by=by, at=at)


@transactional
def mark_overdue(*, at: datetime, limit: int = 200) -> int:
    """Advances whose goods did not come in time wait for a person from now on; how many."""
    due = Advance.objects.filter(state=State.OPEN, due_at__lte=at).order_by("due_at", "id")
    late = list(due.select_for_update(skip_locked=True, of=("self",), no_key=True).values_list("id", flat=True)[:limit])
    return Advance.objects.filter(id__in=late).update(state=State.OVERDUE, note="The goods did not come in time.")


@transactional
def settle_without_goods(*, number: str, by: str, at: datetime) -> list[Settlement]:
    """Give for what needs no goods: what they keep, and what never reached them. Twice is harmless.

    Raises:
        ReturnNotFound, ReturnNotOpen.
    """
    found = lock_return(number)
    waiting = found.items.filter(needs_goods=False, settlement=None).select_related("line", "new_order")
    items = list(waiting.exclude(acceptance=ReturnItem.Acceptance.REJECTED))
    if not items:
        return []
    ReturnItem.objects.filter(id__in=[item.pk for item in items]).update(acceptance=ReturnItem.Acceptance.ACCEPTED)
    given = give_for(found, items, advanced=False, by=by, at=at)
    close_if_done(found, because="No goods were needed.", by=by, at=at)
    return given
