"""How much waits for a person, for how long: two aggregates for the plots of the queue."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, Q, QuerySet

from oms.models import ExceptionItem

AGES: Sequence[tuple[str, timedelta | None]] = (
    ("under 1 h", timedelta(hours=1)),
    ("1–4 h", timedelta(hours=4)),
    ("4–8 h", timedelta(hours=8)),
    ("8–24 h", timedelta(days=1)),
    ("1–3 days", timedelta(days=3)),
    ("3–7 days", timedelta(days=7)),
    ("older", None),
)


@dataclass(frozen=True)
class Load:
    """Items of one kind: how many there are, and how many of them are over their deadline."""

    name: str
    number: int
    overdue: int


def count_by_type(at: datetime) -> list[Load]:
    """The most first."""
    counted = ExceptionItem.objects.waiting(at).order_by().values("type")
    rows = counted.annotate(n=Count("id"), late=Count("id", filter=Q(deadline__lt=at)))
    return sorted(
        (Load(row["type"], row["n"], row["late"]) for row in rows), key=lambda load: (-load.number, load.name)
    )


def count_by_age(at: datetime, items: QuerySet[ExceptionItem] | None = None) -> list[Load]:
    """In the steps of `AGES`, the youngest first."""
    waiting = ExceptionItem.objects.waiting(at) if items is None else items
    counts: dict[str, Count] = {}
    newer_than: datetime | None = None
    for place, (_, age) in enumerate(AGES):
        step = Q()
        if newer_than is not None:
            step &= Q(since__lte=newer_than)
        if age is not None:
            step &= Q(since__gt=at - age)
            newer_than = at - age
        counts[f"all_{place}"] = Count("id", filter=step or None)
        counts[f"late_{place}"] = Count("id", filter=step & Q(deadline__lt=at))
    found = waiting.order_by().aggregate(**counts)
    return [Load(name, found[f"all_{place}"], found[f"late_{place}"]) for place, (name, _) in enumerate(AGES)]
