"""Events that could not be told to whoever wants them."""

from datetime import datetime

from django.db.models import QuerySet

from oms.exceptions import ExceptionType, Trouble
from oms.models import Delivery


def find_dead_letters(at: datetime) -> QuerySet[Delivery]:
    return Delivery.objects.dead().select_related("event")


def _describe(delivery: Delivery) -> Trouble:
    cause = f"{delivery.reaction} could not be told of {delivery.event.type}: {delivery.last_error}"
    facts = {"event": delivery.event_id, "type": delivery.event.type, "reaction": delivery.reaction}
    return Trouble(delivery.event.subject_kind, delivery.event.subject, cause, delivery.event.at, facts)


DEAD_LETTERS = ExceptionType(
    code="dead_letter",
    title="Dead letter",
    hours=2,
    find=find_dead_letters,
    describe=_describe,
)
