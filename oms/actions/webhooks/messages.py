"""What partners are told: the event, its facts, and the resource as it is at the moment of sending."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime
from typing import Any

import orjson

from oms.models import EventRecord
from oms.queries.event_log import LoggedEvent
from oms.resources import Limits, Resource, Wanted, name_of_kind, read_resources

AnyEvent = EventRecord | LoggedEvent


def describe_events(asked: Sequence[tuple[AnyEvent, Limits]], *, at: datetime) -> list[dict[str, Any]]:
    """The message of each event for somebody with the limits beside it; the resources are read together."""
    wanted: dict[str, dict[Wanted, None]] = defaultdict(dict)
    for event, limits in asked:
        wanted[event.subject_kind][event.subject, limits] = None
    resources = read_resources({kind: list(named) for kind, named in wanted.items()}, at=at)
    return [_describe(event, resources.get((event.subject_kind, (event.subject, limits)))) for event, limits in asked]


def write_bodies(asked: Sequence[tuple[AnyEvent, Limits]], *, at: datetime) -> list[bytes]:
    """The same as bytes, as they are signed and sent."""
    return [orjson.dumps(message, option=orjson.OPT_UTC_Z) for message in describe_events(asked, at=at)]


def _describe(event: AnyEvent, resource: Resource | None) -> dict[str, Any]:
    """`version` is the resource's own, or, where it counts none, the event's place among those of its subject."""
    known = resource is not None and resource.version is not None
    data: dict[str, Any] = {
        "kind": event.subject_kind,
        "subject": event.subject,
        "sequence": event.sequence,
        "version": resource.version if resource and known else event.sequence,
        "facts": event.facts,
    }
    if name := name_of_kind(event.subject_kind):
        data[name] = resource.document if resource else None
    return {"type": event.type, "timestamp": event.at, "data": data}
