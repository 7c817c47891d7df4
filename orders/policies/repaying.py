"""Which payments money goes back to."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

NOTHING = Decimal(0)


@dataclass(frozen=True, slots=True)
class Repayable:
    """A captured payment. `gone`: what was sent back of it, or is on its way."""

    id: int
    gateway: str
    captured: Decimal
    gone: Decimal = NOTHING

    @property
    def left(self) -> Decimal:
        return max(self.captured - self.gone, NOTHING)


@dataclass(frozen=True, slots=True)
class Unlinked:
    """A refund that does not say which payment it was of."""

    gateway: str
    amount: Decimal


@dataclass(frozen=True, slots=True)
class Share:
    payment: int
    amount: Decimal


def split_surplus(surplus: Decimal, payments: Sequence[Repayable]) -> list[Share]:
    """Divide what goes back over payments given oldest first; never more than is left of each.

    The newest payment that can bear all of it does: one line on one bank statement, and the freshest payment is the
    one that its gateway can still refund (cards run out, and so do the months in which a refund is allowed). Where none
    can, the newest first. What no payment can bear is left out: it is owed, but not by a way that is known here.
    """
    newest = list(reversed(payments))
    whole = next((payment for payment in newest if payment.left >= surplus > NOTHING), None)
    if whole:
        return [Share(whole.id, surplus)]

    shares = []
    for payment in newest:
        amount = min(surplus, payment.left)
        if amount > NOTHING:
            shares.append(Share(payment.id, amount))
            surplus -= amount
    return shares


def deduct_unlinked(payments: Sequence[Repayable], refunds: Sequence[Unlinked]) -> list[Repayable]:
    """Take refunds of unknown payments from what is left: of the same gateway first, then of others, newest first."""
    reduced = {payment.id: payment for payment in payments}
    for refund in refunds:
        amount = refund.amount
        same = [payment.id for payment in reversed(payments) if payment.gateway == refund.gateway]
        others = [payment.id for payment in reversed(payments) if payment.gateway != refund.gateway]
        for candidate in (*same, *others):
            payment = reduced[candidate]
            taken = min(amount, payment.left)
            reduced[payment.id] = replace(payment, gone=payment.gone + taken)
            amount -= taken
    return list(reduced.values())
