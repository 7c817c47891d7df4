"""Offers as webhooks and the log of events tell of them: the same document as the API's."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

import orjson

from oms.resources import Limits, Mention, Resource, Wanted
from upsell.models import Offer
from upsell.queries.offer_documents import read_offer_documents


def read_offer_resources(wanted: Sequence[Wanted], at: datetime) -> dict[Wanted, Resource]:
    channels = _channels(subject for subject, _ in wanted)
    documents = read_offer_documents([int(subject) for subject in channels])
    return {
        (subject, limits): Resource(orjson.Fragment(orjson.dumps(documents[int(subject)])))
        for subject, limits in wanted
        if subject in channels and _lies_within(channels[subject], limits)
    }


def see_offer_events(mentions: Sequence[Mention]) -> list[bool]:
    """Who is limited to channels is told of theirs, who is limited to warehouses of none."""
    channels = _channels(mention.subject for mention in mentions)
    return [_lies_within(channels.get(mention.subject, ""), mention.limits) for mention in mentions]


def _channels(subjects: Iterable[str]) -> Mapping[str, str]:
    found = Offer.objects.filter(id__in={int(subject) for subject in subjects})
    return {str(offer): code for offer, code in found.values_list("id", "order__channel__code")}


def _lies_within(channel: str, limits: Limits) -> bool:
    return not limits.warehouses and (not limits.channels or channel in limits.channels)
