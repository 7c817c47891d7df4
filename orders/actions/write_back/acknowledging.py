"""A partner's answer to a message: it has taken the change, or it will not, or it has something else."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from oms import events
from oms.transactions import transactional
from orders.absences import WriteBackNotFound
from orders.actions.write_back.recording import acknowledge, give_up, mismatch, settle_replaced
from orders.models import Order, WriteBack, WriteBackTarget

State = WriteBack.State

_STILL_OPEN = (State.WAITING, State.SENT, State.MISMATCHED, State.FAILED)


@dataclass(frozen=True)
class Acknowledgement:
    """What the partner says: yes, or no with a `reason` or `differences` (each with where, what, ours, theirs)."""

    accepted: bool
    reference: str = ""
    reason: str = ""
    differences: Sequence[Mapping[str, str]] = field(default_factory=tuple)


@transactional
def acknowledge_write_back(*, key: UUID, answer: Acknowledgement, by: str, at: datetime) -> WriteBack:
    """Take the answer. What was settled stays settled: late answers and repeated ones change nothing.

    Raises:
        WriteBackNotFound: no partner was sent a message of that key.
    """
    known = WriteBack.objects.filter(key=key, target__kind=WriteBackTarget.Kind.PARTNER)
    number = known.values_list("order__number", flat=True).first()
    if number is None:
        raise WriteBackNotFound
    Order.objects.locked(number)
    row = known.select_for_update(no_key=True, of=("self",)).select_related("order", "target", "shipment").get()
    if row.state not in _STILL_OPEN:
        return row
    if row.state in (State.MISMATCHED, State.FAILED) and not answer.accepted:
        return row

    row.leased_until, row.sent_at = None, row.sent_at or at
    row.external_id, row.last_error = answer.reference, answer.reason
    row.differences = [dict(difference) for difference in answer.differences]
    if answer.accepted:
        settle_replaced([row], at=at)
        said: events.Event = acknowledge(row, by=by, at=at)
    elif answer.differences:
        said = mismatch(row, by=by, at=at)
    else:
        said = give_up(row, by=by, at=at)
    row.save()
    events.publish([said])
    return row
