"""What follows a withdrawal from goods that had not left: its receipt, and what becomes of it."""

from collections.abc import Sequence
from decimal import Decimal
from functools import partial

from oms.mailing import Letter
from orders.actions.telling import Note, tell_customer
from orders.events import (
    CancellationAnswered,
    ContractWithdrawn,
    EditEnded,
    OrderCancelled,
    OrderEdited,
    ShipmentSent,
)
from orders.models import Order
from returns.actions.stopping_withdrawn import follow_withdrawals
from returns.models import Withdrawal
from returns.wording.letters.withdrawing import write_declared


def mail_declared(told: Sequence[ContractWithdrawn]) -> None:
    """Its receipt, at once."""
    joined = ("order__channel", "order__customer", "order__shipping_address")
    for event in told:
        found = Withdrawal.objects.select_related(*joined).get(pk=event.facts["withdrawal"])
        note = Note(key=f"declared.{found.order.number}.{found.pk}", kind="withdrawal", write=partial(_write, found))
        tell_customer(found.order, note, at=event.at)


def _write(withdrawal: Withdrawal, order: Order) -> Letter:
    units = {item["line"]: Decimal(item["quantity"]) for item in withdrawal.items}
    lines = order.lines.select_related("variant").filter(id__in=units).order_by("position")
    return write_declared(withdrawal, list(lines), units)


Moved = OrderCancelled | ShipmentSent | CancellationAnswered | OrderEdited | EditEnded


def follow_withdrawn(told: Sequence[Moved]) -> None:
    """What waited is over, can be stopped now, or has left and comes back."""
    waiting = Withdrawal.objects.filter(ended_at=None)
    named = waiting.filter(order__number__in=[event.subject for event in told])
    for number in sorted(set(named.values_list("order__number", flat=True))):
        follow_withdrawals(number=number, at=max(event.at for event in told if event.subject == number))
