"""What is out of time ends by itself: authorizations that nobody captured, credit that nobody spent; with a warning."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import groupby

from django.db.models import F, Q

from oms import events
from oms.money import round_amount
from oms.transactions import transactional
from returns.actions.credit.books import close_book, open_book
from returns.events import CreditRunningOut
from returns.models import CreditAccount, CreditAuthorization, CreditLot
from returns.policies.credit.spending import NOTHING

WARNED_BEFORE = timedelta(days=21)
"""Time enough to buy something, and not so long that it is forgotten again."""

FIRST_OF_ALL = 500


def expire_credit(*, at: datetime, limit: int = FIRST_OF_ALL) -> int:
    """End what is out of time, account by account; of how many something ended. What is held waits until it is not."""
    return sum(_bring_up_to_date(key, at=at) for key in _find_due(at, limit))


@transactional
def warn_of_ends(*, at: datetime, limit: int = FIRST_OF_ALL) -> int:
    """Announce what runs out soon, once; of how many accounts."""
    soon = at + WARNED_BEFORE
    ending = Q(bonus_left__gt=0, bonus_expires_at__gt=at, bonus_expires_at__lte=soon)
    ending |= Q(base_left__gt=0, base_expires_at__gt=at, base_expires_at__lte=soon)
    lots = CreditLot.objects.filter(ending, warned_at=None, account__frozen_at=None).order_by("account_id", "id")
    found = list(lots.select_related("account").select_for_update(of=("self",), no_key=True, skip_locked=True)[:limit])
    CreditLot.objects.filter(id__in=[lot.pk for lot in found]).update(warned_at=at)
    warnings = list(_tell_ends(found, soon, at=at))
    events.publish(warnings)
    return len(warnings)


def _find_due(at: datetime, limit: int) -> list[str]:
    late = CreditAuthorization.objects.filter(state=CreditAuthorization.State.AUTHORIZED, expires_at__lte=at)
    over = Q(bonus_left__gt=0, bonus_expires_at__lte=at) | Q(base_left__gt=0, base_expires_at__lte=at)
    free = Q(frozen_at=None, held__lt=F("base") + F("bonus"))
    run_out = Q(id__in=CreditLot.objects.filter(over).values("account")) & free
    due = CreditAccount.objects.filter(Q(id__in=late.values("account")) | run_out).order_by("id")
    return list(due.values_list("key", flat=True)[:limit])


@transactional
def _bring_up_to_date(key: str, *, at: datetime) -> bool:
    book = open_book(key, by="system", at=at)
    changed = bool(book.entries or book.ended)
    if changed:
        close_book(book)
    return changed


def _tell_ends(lots: list[CreditLot], soon: datetime, *, at: datetime) -> Iterator[CreditRunningOut]:
    """One warning an account: how much ends, and when the first of it does."""
    for account, theirs in groupby(lots, key=lambda lot: lot.account):
        parts = [
            (end, left)
            for lot in theirs
            for end, left in ((lot.bonus_expires_at, lot.bonus_left), (lot.base_expires_at, lot.base_left))
            if end is not None and at < end <= soon and left > 0
        ]
        amount = sum((left for _, left in parts), NOTHING)
        facts = {
            "customer": account.customer_id,
            "currency": account.currency,
            "balance": str(round_amount(account.balance, account.currency)),
            "amount": str(round_amount(amount, account.currency)),
            "expires_at": min(end for end, _ in parts),
        }
        yield CreditRunningOut(subject=account.key, by="system", at=at, facts=facts)
