"""Telling a channel that a customer of an order has store credit: it is given there, and spent in its shop."""

from datetime import datetime
from decimal import Decimal
from typing import Any

import orjson

from oms.money import round_amount
from oms.transactions import transactional
from orders.actions.waking import wake_write_backs
from orders.channels.outgoing.registry import kinds_offering
from orders.models import Order, WriteBack, WriteBackTarget
from orders.queries.order_documents import find_order_document

Kind, State = WriteBack.Kind, WriteBack.State
TYPE = "credit.moved"


def find_credit_target(order: Order) -> WriteBackTarget | None:
    """The channel that keeps store credit for the order's customer; none for a test, or what was ordered with us."""
    if order.test or order.made_here:
        return None
    taking = WriteBackTarget.objects.filter(active=True, takes_credit=True, kind__in=kinds_offering(Kind.CREDIT))
    return taking.filter(channel=order.channel_id).first()


@transactional
def queue_credit(
    *, number: str, key: str, amount: Decimal, expires_at: datetime | None, at: datetime
) -> WriteBack | None:
    """Queue it, in the order's currency, behind what the channel was told before; None where no channel keeps credit.
    The same `key` again queues nothing.
    """
    order = Order.objects.locked(number)
    known = order.write_backs.filter(kind=Kind.CREDIT, body__credit__key=key).order_by("-id").first()
    target = find_credit_target(order)
    if known or target is None:
        return known
    credit = {
        "key": key,
        "amount": str(round_amount(amount, order.currency)),
        "currency": order.currency,
        "expires_at": expires_at.isoformat() if expires_at else None,
    }
    return _add(order, target, {"credit": credit}, progress={}, at=at)


def renew_credit_message(row: WriteBack, order: Order, *, at: datetime) -> WriteBack:
    """The same again, in place of one that was given up; what was noted of it stays, so that it is given once. The
    order must be locked.
    """
    row.state = State.SUPERSEDED
    row.save(update_fields=["state"])
    return _add(order, row.target, {"credit": row.body["credit"]}, progress=row.progress, at=at)


def _add(
    order: Order, target: WriteBackTarget, said: dict[str, Any], *, progress: dict[str, Any], at: datetime
) -> WriteBack:
    document = find_order_document(order.number, at=at)
    last = order.write_backs.filter(target=target).order_by("-sequence").values_list("sequence", flat=True).first()
    body = {"type": TYPE, "order": orjson.loads(document.json) if document else {}, "changes": [], **said}
    wake_write_backs()
    return WriteBack.objects.create(
        order=order,
        target=target,
        kind=Kind.CREDIT,
        sequence=(last or 0) + 1,
        body=body,
        progress=progress,
        made_at=at,
        run_after=at,
    )
