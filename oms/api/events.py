"""`GET /events`: the same events as webhooks push, to be pulled."""

from collections.abc import Sequence

from oms.actions.webhooks.messages import describe_events
from oms.actions.webhooks.queueing import message_id, see_events
from oms.api.calls import ApiCall
from oms.api.pagination import Keyset, answer_page
from oms.api.problems import Problem
from oms.api.schema import describe
from oms.api.views import Answer, ApiView
from oms.api.webhook_shapes import EventPage, EventQuery
from oms.errors import FieldError
from oms.events import public_types
from oms.models.api_key import Scope
from oms.policies.webhooks import match_types
from oms.queries.event_log import BEGINNING, Place, read_log
from oms.resources import Limits

LOG = Keyset("events", {"turn": int, "id": int})


class EventsView(ApiView):
    scopes = {"GET": Scope.WEBHOOKS_WRITE}

    @describe("Read the log of events", query=EventQuery, gives={200: EventPage})
    def get(self, call: ApiCall) -> Answer:
        """From the very first event on, or from a cursor on. None is left out, and none comes late: an event is shown
        when nothing that belongs before it is still being written. The resource is shown as it is now.
        """
        asked = call.ask(EventQuery)
        limits = Limits(tuple(call.key.channels), tuple(call.key.warehouses))
        after = _read_place(asked.cursor)
        page = read_log(after, types=_read_types(asked.type), limit=asked.limit)
        seen = see_events([(event, limits) for event in page.events])
        events = [event for event, visible in zip(page.events, seen, strict=True) if visible]
        messages = describe_events([(event, limits) for event in events], at=call.at)
        results = [{"id": message_id(event)} | each for event, each in zip(events, messages, strict=True)]
        resume = LOG.write_cursor(page.place)
        return Answer(answer_page(results, resume if page.more else None) | {"resume_cursor": resume})


def _read_place(cursor: str) -> Place:
    place = LOG.read_cursor(cursor)
    return (place[0], place[1]) if place else BEGINNING


def _read_types(asked: str) -> Sequence[str]:
    """Raises:
    Problem: 400, when one means nothing.
    """
    known = public_types()
    patterns = [each.strip() for each in asked.split(",")] if asked else ["*"]
    if unknown := [pattern for pattern in patterns if not match_types([pattern], known)]:
        detail = f"{', '.join(unknown)}: there are {', '.join(known)}, and patterns like order.*"
        errors = [FieldError("/type", "unknown_event_type", detail)]
        raise Problem(400, "query_invalid", detail, errors=errors)
    return match_types(patterns, known)
