"""Returns that nobody sends: a word before, and the end."""

from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import QuerySet

from oms import events
from oms.transactions import transactional
from oms.writing import update_rows
from returns.actions.closing import close_return
from returns.actions.locking import lock_return
from returns.events import ReturnRunningOut
from returns.models import Return

BECAUSE = "Nothing was sent in time."


@transactional
def remind_unsent(*, at: datetime, limit: int = 500) -> int:
    """Tell customers whose returns close soon; each is told once. How many were told."""
    soon = at + timedelta(days=settings.RETURN_REMINDER_DAYS)
    due = _unsent().filter(expires_at__gt=at, expires_at__lte=soon, reminded_at=None).select_related("order")
    found = list(due.select_for_update(of=("self",), no_key=True, skip_locked=True).order_by("id")[:limit])
    for each in found:
        each.reminded_at = at
    update_rows(found, ["reminded_at"])
    events.publish([_tell(each, at=at) for each in found])
    return len(found)


def _tell(found: Return, *, at: datetime) -> ReturnRunningOut:
    facts = {"order": found.order.number, "expires_at": found.expires_at}
    return ReturnRunningOut(subject=found.number, by="system", at=at, facts=facts)


def close_unsent(*, at: datetime, limit: int = 500) -> int:
    """Close those whose time is over; their units can be asked for again. How many were looked at.

    Each in a transaction of its own: what moved or ended in the meantime stays as it is.
    """
    numbers = list(_unsent().filter(expires_at__lte=at).order_by("expires_at").values_list("number", flat=True)[:limit])
    for number in numbers:
        _close(number=number, at=at)
    return len(numbers)


@transactional
def _close(*, number: str, at: datetime) -> None:
    found = lock_return(number)
    if found.status == Return.Status.OPEN and found.moved_at is None and found.expires_at and found.expires_at <= at:
        close_return(number=number, because=BECAUSE, by="system", at=at)


def _unsent() -> QuerySet[Return]:
    """Open, nothing of it moved, and nothing given for it: what was advanced has a deadline of its own."""
    return Return.objects.filter(status=Return.Status.OPEN, moved_at=None, settlements=None)
