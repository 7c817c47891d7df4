"""What staff do with messages to other systems: send again, put aside, try a connection; who is told of a late one."""

import uuid
from collections.abc import Sequence
from datetime import datetime, timedelta

from oms import events
from oms.actions.alerting import alert_operations
from oms.actions.posting import Envelope
from oms.mailing import Letter
from oms.transactions import transactional
from orders.absences import TargetNotFound, WriteBackNotFound
from orders.actions.write_back.crediting import renew_credit_message
from orders.actions.write_back.queueing import add_messages
from orders.actions.write_back.recording import name_credit, name_parcel
from orders.actions.write_back.reporting import renew_parcel_message
from orders.actions.write_back.telling import access_of, attempt, channel_of
from orders.channels.outgoing.partner import post_message
from orders.errors import TargetUnreachable
from orders.events import WriteBackDismissed, WriteBackOverdue
from orders.models import Order, WriteBack, WriteBackTarget

State = WriteBack.State

TOLD_AT_ONCE = 200


@transactional
def send_again(*, write_back_id: int, by: str, at: datetime) -> WriteBack:
    """The message that is on its way, sent now; in place of one that has ended, a new one of the order as it is now.

    Raises:
        WriteBackNotFound
    """
    order, row = _lock(write_back_id)
    WriteBackTarget.objects.filter(id=row.target_id).update(paused_until=None)
    if row.state in WriteBack.UNDERWAY:
        row.run_after = at
        row.save(update_fields=["run_after"])
        return row
    if row.state in (State.ACKNOWLEDGED, State.SUPERSEDED):
        return row

    if row.kind in WriteBack.OF_PARCELS:
        return renew_parcel_message(row, order, at=at)
    if row.kind == WriteBack.Kind.CREDIT:
        return renew_credit_message(row, order, at=at)
    changes = row.body.get("changes", [])
    (fresh,) = add_messages(order, [row.target], kind=row.kind, changes=changes, at=at)
    row.state = State.SUPERSEDED
    row.save(update_fields=["state"])
    return fresh


@transactional
def dismiss_write_back(*, write_back_id: int, note: str, by: str, at: datetime) -> WriteBack:
    """Put it aside: it is neither sent nor asked about any more. What has ended well stays as it is.

    Raises:
        WriteBackNotFound
    """
    order, row = _lock(write_back_id)
    if row.state not in WriteBack.TROUBLED:
        return row
    row.state, row.settled_by, row.note, row.leased_until = State.DISMISSED, by, note[:255], None
    row.save(update_fields=["state", "settled_by", "note", "leased_until"])
    facts = {"target": row.target.code, "kind": row.kind, "note": row.note} | name_parcel(row) | name_credit(row)
    events.publish([WriteBackDismissed(subject=order.number, by=by, at=at, facts=facts)])
    return row


def check_target(*, target_id: int, by: str, at: datetime) -> str:
    """Ask the other system whether it hears us; what it calls itself. Must run outside of a transaction.

    Raises:
        TargetNotFound
        TargetUnreachable
    """
    target = WriteBackTarget.objects.filter(id=target_id).first()
    if target is None:
        raise TargetNotFound
    heard: list[str] = []

    def knock() -> None:
        if target.is_partner:
            ping = {"type": "connection.tried", "timestamp": at.isoformat(), "data": {"by": by}}
            post_message(access_of(target), key=str(uuid.uuid4()), document=ping, at=at)
            heard.append(target.name)
        else:
            heard.append(channel_of(target).check_connection())

    if trouble := attempt(knock):
        raise TargetUnreachable(target.name, trouble.sentence)
    WriteBackTarget.objects.filter(id=target_id).update(paused_until=None)
    return heard[0]


@transactional
def alert_overdue_write_backs(*, at: datetime, limit: int = TOLD_AT_ONCE) -> int:
    """One mail to operations, and one event each, for messages that nobody has acknowledged in time; how many."""
    late = WriteBack.objects.unanswered(at).select_related("order", "target", "shipment").order_by("id")
    rows = list(late.select_for_update(skip_locked=True, of=("self",), no_key=True)[:limit])
    if not rows:
        return 0
    WriteBack.objects.filter(id__in=[row.pk for row in rows]).update(alerted_at=at)
    events.publish([_told_late(row, at=at) for row in rows])
    _mail_late(rows, at=at)
    return len(rows)


def _lock(write_back_id: int) -> tuple[Order, WriteBack]:
    number = WriteBack.objects.filter(id=write_back_id).values_list("order__number", flat=True).first()
    if number is None:
        raise WriteBackNotFound
    order = Order.objects.locked(number)
    locked = WriteBack.objects.select_for_update(no_key=True, of=("self",)).select_related("target", "shipment")
    return order, locked.get(id=write_back_id)


def _told_late(row: WriteBack, *, at: datetime) -> WriteBackOverdue:
    minutes = (at - row.made_at) // timedelta(minutes=1)
    facts = {"target": row.target.code, "kind": row.kind, "state": row.state, "minutes": minutes}
    return WriteBackOverdue(subject=row.order.number, by="system", at=at, facts=facts | name_parcel(row))


def _mail_late(rows: Sequence[WriteBack], *, at: datetime) -> None:
    """None when nobody is named to get it."""
    targets = ", ".join(dict.fromkeys(row.target.name for row in rows))
    letter = Letter(
        subject=f"Not acknowledged: {targets}",
        headline="Not acknowledged",
        paragraphs=["These systems have not acknowledged a change of an order in time:"],
        points=[
            f"{row.target.name}: order {row.order.number} ({row.get_kind_display()}) is {row.get_state_display()} "
            f"after {(at - row.made_at) // timedelta(minutes=1)} minutes. {row.last_error}".rstrip()
            for row in rows
        ],
    )
    key, number = f"overdue.{rows[0].pk}.{at:%Y%m%d%H%M%S}", rows[0].order.number
    alert_operations(letter, Envelope(key=key, kind="staff_alert", about_kind="order", about=number), at=at)
