"""What people do with exceptions beside solving them: take them over, give them to somebody, put them off or aside."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from oms import events
from oms.actions.reviewing_exceptions import about, close_items
from oms.errors import FieldError, Invalid, NotDismissible
from oms.exception_events import ExceptionAssigned, ExceptionSnoozed
from oms.exceptions import find_type
from oms.models import ExceptionItem, User
from oms.transactions import transactional

LONGEST_SNOOZE = timedelta(days=30)


@transactional
def assign_exceptions(*, ids: Sequence[int], owner: User | None, by: str, at: datetime) -> int:
    """Have somebody look after them, or nobody; how many changed hands."""
    others = [item for item in _lock_open(ids) if item.owner_id != (owner.pk if owner else None)]
    ExceptionItem.objects.filter(id__in=[item.pk for item in others]).update(owner=owner)
    name = owner.username if owner else None
    events.publish(
        [ExceptionAssigned(subject=str(item.pk), by=by, at=at, facts=about(item) | {"owner": name}) for item in others]
    )
    return len(others)


@transactional
def snooze_exceptions(*, ids: Sequence[int], until: datetime | None, by: str, at: datetime) -> int:
    """Hide them until that moment, unless their cause goes earlier; without one they wait again. How many there were.

    Raises:
        Invalid: the moment is past, or too far away.
    """
    if until is not None and not at < until <= at + LONGEST_SNOOZE:
        error = FieldError("/until", "out_of_reach", f"Choose a moment within {LONGEST_SNOOZE.days} days from now.")
        raise Invalid(error.detail, errors=[error])
    items = _lock_open(ids)
    ExceptionItem.objects.filter(id__in=[item.pk for item in items]).update(snoozed_until=until)
    events.publish(
        [ExceptionSnoozed(subject=str(item.pk), by=by, at=at, facts=about(item) | {"until": until}) for item in items]
    )
    return len(items)


@transactional
def dismiss_exceptions(*, ids: Sequence[int], note: str, by: str, at: datetime) -> int:
    """Nothing need be done about them, though their cause stands: they are not opened again. How many were open.

    Raises:
        Invalid: nobody says why.
        NotDismissible: one of them has to be solved.
    """
    if not note.strip():
        error = FieldError("/note", "note_missing", "Say why nothing need be done.")
        raise Invalid(error.detail, errors=[error])
    items = _lock_open(ids)
    for item in items:
        if (type_ := find_type(item.type)) and not type_.dismissible:
            raise NotDismissible(f"“{type_.title}” ends when it is solved, not by putting it aside.", type=item.type)
    because = ExceptionItem.Ending.DISMISSED
    return close_items(items, because=because, note=note.strip()[:255], by=by, at=at)


def _lock_open(ids: Sequence[int]) -> list[ExceptionItem]:
    mine = ExceptionItem.objects.open().filter(id__in=ids).order_by("id")
    return list(mine.select_for_update(no_key=True, of=("self",)))
