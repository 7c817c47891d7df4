"""Withdrawing from a contract (Directive 2011/83/EU, article 11): it counts from the moment it is declared.

What has left comes back by a return; what has not is stopped. Where a warehouse has it in hand it is asked to stop,
where that is refused a person looks at it, and what leaves all the same becomes a return of that same moment.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from oms import events
from oms.errors import FieldError, Invalid
from oms.quantities import plain
from oms.transactions import transactional
from orders.events import ContractWithdrawn
from orders.models import Order, OrderLine
from returns.actions.stopping_withdrawn import stop_withdrawn, take_back
from returns.models import Return, Withdrawal
from returns.queries.unsent import read_unsent, read_waiting

Units = Mapping[int, Decimal]
NOTHING = Decimal(0)


@dataclass(frozen=True, slots=True)
class Declared:
    """What came of it: of goods that had left a return, of others the statement itself."""

    of: Return | None
    unsent: Withdrawal | None


@transactional
def withdraw_from_contract(*, number: str, units: Units, form: str, by: str, at: datetime) -> Declared:
    """Withdraw from so many units of each line: first from those that have not left. The same form is one statement.

    Raises:
        OrderNotFound.
        Invalid: nothing is named, or a line that there is not.
        NotReturnable, NotThatManyToReturn: the law does not grant it of something that was sent.
    """
    order = Order.objects.locked(number)
    known = Declared(order.returns.filter(form=form).first(), order.withdrawals.filter(form=form).first())
    if known.of or known.unsent:
        return known
    if not units:
        raise Invalid("Say what it is about.", errors=[FieldError("/items", "items_missing", "Nothing is named.")])

    unsent = {line: min(units.get(line, Decimal(0)), left) for line, left in read_unsent(order, at=at).items()}
    stopping = {line: quantity for line, quantity in unsent.items() if quantity > 0}
    sent = {line: quantity - stopping.get(line, Decimal(0)) for line, quantity in units.items()}
    coming = {line: quantity for line, quantity in sent.items() if quantity > 0}
    return Declared(
        of=take_back(number, coming, form=form, by=by, at=at) if coming else None,
        unsent=_declare(order, stopping, form=form, by=by, at=at) if stopping else None,
    )


def _declare(order: Order, units: Units, *, form: str, by: str, at: datetime) -> Withdrawal:
    lines = order.lines.in_bulk(units)
    waiting = read_waiting(order)
    items = [
        {
            "line": line,
            "quantity": str(plain(quantity)),
            "keep": str(plain(_kept(lines[line]) - waiting.get(line, NOTHING) - quantity)),
        }
        for line, quantity in units.items()
    ]
    made = Withdrawal.objects.create(order=order, form=form, items=items, declared_at=at, declared_by=by)
    told = [{"line": item["line"], "quantity": item["quantity"]} for item in items]
    facts = {"withdrawal": made.pk, "withdrawn_at": at, "items": told}
    events.publish([ContractWithdrawn(subject=order.number, by=by, at=at, facts=facts)])
    stop_withdrawn(made, by=by, at=at)
    return made


def _kept(line: OrderLine) -> Decimal:
    return line.quantity - line.cancelled_quantity
