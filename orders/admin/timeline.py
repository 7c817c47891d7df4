"""What happened to an order, as sentences, a page at a time."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from oms.models import EventRecord
from orders.admin.timeline_words import find_saying
from orders.models import Order

PER_PAGE = 20


@dataclass(frozen=True)
class Moment:
    """One entry of the timeline."""

    sequence: int
    said: str
    by: str
    at: datetime
    icon: str
    tone: str
    facts: Mapping[str, Any]


@dataclass(frozen=True)
class Timeline:
    """Newest first; `older` is the sequence to go on before, None at the beginning."""

    moments: Sequence[Moment]
    older: int | None


def read_timeline(order: Order, *, before: int | None = None) -> Timeline:
    records = EventRecord.objects.about("order", order.number).reverse()
    if before is not None:
        records = records.filter(sequence__lt=before)
    found = list(records[: PER_PAGE + 1])
    moments = [_tell(record) for record in found[:PER_PAGE]]
    return Timeline(moments, moments[-1].sequence if len(found) > PER_PAGE else None)


def _tell(record: EventRecord) -> Moment:
    saying = find_saying(record.type)
    said = saying.say(record.facts)
    return Moment(record.sequence, said, record.by, record.at, saying.icon, saying.tone, record.facts)
