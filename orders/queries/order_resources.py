"""Orders as webhooks and the log of events tell of them: the same document as `GET /orders/{number}`."""

from collections.abc import Mapping, Sequence
from datetime import datetime

import orjson

from oms.resources import Mention, Resource, Wanted
from orders.models import Order
from orders.queries.order_documents import find_order_documents


def read_order_resources(wanted: Sequence[Wanted], at: datetime) -> dict[Wanted, Resource]:
    """Who is limited to warehouses gets the event alone: the order says more than a warehouse needs."""
    numbers = {subject for subject, limits in wanted if not limits.warehouses}
    documents = {document.number: document for document in find_order_documents(sorted(numbers), at=at)}
    return {
        (subject, limits): Resource(orjson.Fragment(documents[subject].json), documents[subject].version)
        for subject, limits in wanted
        if subject in documents and not limits.warehouses
    }


def see_order_events(mentions: Sequence[Mention]) -> list[bool]:
    """Who is limited to channels is told of their orders; who is limited to warehouses, of what names one of these."""
    by_channel = {mention.subject for mention in mentions if mention.limits.channels}
    found = Order.objects.filter(number__in=by_channel).values_list("number", "channel__code")
    channels: Mapping[str, str] = dict(found) if by_channel else {}
    return [_is_seen(mention, channels.get(mention.subject, "")) for mention in mentions]


def _is_seen(mention: Mention, channel: str) -> bool:
    limits = mention.limits
    if limits.channels and channel not in limits.channels:
        return False
    return not limits.warehouses or mention.facts.get("warehouse") in limits.warehouses
