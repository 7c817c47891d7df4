"""Returns as webhooks and the log of events tell of them: the same document as `GET /returns/{rma}`."""

from collections.abc import Mapping, Sequence
from datetime import datetime

import orjson

from oms.resources import Limits, Mention, Resource, Wanted
from returns.models import Return
from returns.queries.return_documents import find_return_documents

Place = tuple[str, str]
"""Of a return: its channel, and the warehouse it goes to."""


def read_return_resources(wanted: Sequence[Wanted], at: datetime) -> dict[Wanted, Resource]:
    """Who is limited to warehouses sees no money in it."""
    return {**_read(wanted, whole=True), **_read(wanted, whole=False)}


def _read(wanted: Sequence[Wanted], *, whole: bool) -> dict[Wanted, Resource]:
    meant = [each for each in wanted if whole is not bool(each[1].warehouses)]
    numbers = sorted({subject for subject, _ in meant})
    found = {document.number: document for document in find_return_documents(numbers, whole=whole)}
    return {
        (subject, limits): Resource(orjson.Fragment(document.json), document.version)
        for subject, limits in meant
        if (document := found.get(subject)) and _lies_within((document.channel, document.warehouse), limits)
    }


def see_return_events(mentions: Sequence[Mention]) -> list[bool]:
    """Who is limited is told of the returns of their channels that go to their warehouses."""
    numbers = {mention.subject for mention in mentions}
    rows = Return.objects.filter(number__in=numbers).values_list(
        "number", "order__channel__code", "node__warehouse__code"
    )
    places: Mapping[str, Place] = {number: (channel, warehouse or "") for number, channel, warehouse in rows}
    return [_lies_within(places.get(each.subject, ("", "")), each.limits) for each in mentions]


def _lies_within(place: Place, limits: Limits) -> bool:
    channel, warehouse = place
    return (not limits.channels or channel in limits.channels) and (
        not limits.warehouses or warehouse in limits.warehouses
    )
