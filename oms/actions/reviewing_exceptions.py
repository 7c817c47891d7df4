"""Looking what is wrong now: opening an item for each new trouble, closing those whose cause is gone."""

import logging
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, time
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db.models import Exists, OuterRef, QuerySet

from oms import events, exceptions
from oms.exception_events import ExceptionClosed, ExceptionOpened
from oms.exceptions import ExceptionType
from oms.models import ExceptionItem
from oms.policies.working_time import WorkingTime, add_working_hours
from oms.sql import fetch_all
from oms.transactions import transactional

log = logging.getLogger(__name__)

AT_ONCE = 1_000
"""So many are opened, and so many closed, in one transaction."""
_TURN = "SELECT pg_advisory_xact_lock(hashtextextended('exceptions ' || %s, 0))"


@dataclass(frozen=True)
class Reviewed:
    """What a look has changed."""

    opened: int = 0
    closed: int = 0

    @property
    def is_unfinished(self) -> bool:
        return AT_ONCE in (self.opened, self.closed)


def review_exceptions(*, types: Sequence[ExceptionType] = (), at: datetime) -> Reviewed:
    """Look at the types, each alone, all of them unless some are named; one whose question fails stops no other."""
    opened = closed = 0
    for each in types or exceptions.known_types():
        try:
            while (seen := review_type(each, at=at)).is_unfinished:
                opened, closed = opened + seen.opened, closed + seen.closed
            opened, closed = opened + seen.opened, closed + seen.closed
        except Exception:  # whatever it was, the other types must still be looked at
            log.exception("Nobody knows what is wrong now: %s", each.code)
    return Reviewed(opened, closed)


@transactional
def review_type(type_: ExceptionType, *, keys: Collection[int] | None = None, at: datetime) -> Reviewed:
    """Bring the items of one type up to date, at most `AT_ONCE` either way; `keys`: only those rows. One at a time."""
    fetch_all(_TURN, [type_.code])
    found, ours = type_.find(at), ExceptionItem.objects.filter(type=type_.code)
    if keys is not None:
        found, ours = found.filter(pk__in=keys), ours.filter(key__in=keys)
    opened = _open_new(type_, found.exclude(Exists(ours.standing().filter(key=OuterRef("pk")))), at=at)
    gone = ours.open().exclude(Exists(found.filter(pk=OuterRef("key"))))
    closed = close_items(list(gone.order_by("id")[:AT_ONCE]), because=ExceptionItem.Ending.GONE, by="system", at=at)
    return Reviewed(opened, closed)


def close_items(items: Sequence[ExceptionItem], *, because: str, note: str = "", by: str, at: datetime) -> int:
    """Close those that are open, and say so; how many there were."""
    if not items:
        return 0
    mine = ExceptionItem.objects.open().filter(id__in=[item.pk for item in items])
    closing = list(mine.order_by("id").select_for_update(no_key=True, of=("self",)))
    ExceptionItem.objects.filter(id__in=[item.pk for item in closing]).update(
        closed_at=at, closed_by=by, closed_because=because, note=note
    )
    facts = {"because": because, "note": note}
    events.publish([ExceptionClosed(subject=str(item.pk), by=by, at=at, facts=about(item) | facts) for item in closing])
    return len(closing)


def about(item: ExceptionItem) -> dict[str, str]:
    """The facts that every event of an item has."""
    return {"type": item.type, "subject_kind": item.subject_kind, "subject": item.subject}


def desk_time() -> WorkingTime:
    """When staff are at their desks, by the shop's clock."""
    opens, _, closes = settings.DESK_HOURS.partition("-")
    begin, end = time.fromisoformat(opens.strip()), time.fromisoformat(closes.strip())
    return WorkingTime(begin, end, ZoneInfo(settings.TIME_ZONE), settings.DESK_DAYS)


def _open_new(type_: ExceptionType, rows: QuerySet, *, at: datetime) -> int:
    working, new = desk_time(), []
    for row in rows[:AT_ONCE]:
        trouble = type_.describe(row)
        since = min(trouble.since, at)
        new.append(
            ExceptionItem(
                type=type_.code,
                key=row.pk,
                subject_kind=trouble.subject_kind,
                subject=trouble.subject,
                cause=trouble.cause,
                facts=dict(trouble.facts),
                since=since,
                opened_at=at,
                deadline=add_working_hours(working, after=since, hours=type_.hours),
            )
        )
    made = ExceptionItem.objects.bulk_create(new)
    events.publish([_told(item, at=at) for item in made])
    return len(made)


def _told(item: ExceptionItem, *, at: datetime) -> ExceptionOpened:
    facts = about(item) | {"cause": item.cause, "deadline": item.deadline}
    return ExceptionOpened(subject=str(item.pk), by="system", at=at, facts=facts)
