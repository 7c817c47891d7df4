"""What orders refuse, and why.

Refused
├── OrderStillHeld          holds are open; names their reasons
├── OrderAlreadyCancelled
├── OrderAlreadyReleased    it is on its way to a warehouse
├── OrderAlreadyClosed      it has been shipped, or settled otherwise
├── OrderPartlyShipped      only the rest can be cancelled
├── HoldNotLiftable         only its cause can end this hold
├── PaymentConflict         the same reference was recorded with another amount
├── ImportImpossible        a file cannot even begin to be imported
NotFound
├── OrderNotFound
└── HoldNotFound
"""

from collections.abc import Sequence

from oms.errors import NotFound, Refused


class OrderStillHeld(Refused):
    """Something still holds the order."""

    code = "order_still_held"

    def __init__(self, number: str, reasons: Sequence[str]) -> None:
        super().__init__(f"Order {number} is still held: {', '.join(reasons)}.", reasons=list(reasons))
        self.reasons = list(reasons)


class OrderAlreadyCancelled(Refused):
    """A cancelled order stays cancelled."""

    code = "order_cancelled"

    def __init__(self, number: str) -> None:
        super().__init__(f"Order {number} was cancelled.", number=number)


class OrderAlreadyReleased(Refused):
    """The order left for the warehouse."""

    code = "order_released"

    def __init__(self, number: str) -> None:
        super().__init__(f"Order {number} was released to the warehouse already.", number=number)


class OrderAlreadyClosed(Refused):
    """Nothing of the order is open any more."""

    code = "order_closed"

    def __init__(self, number: str) -> None:
        super().__init__(f"Order {number} is closed: nothing of it is left to ship.", number=number)


class OrderPartlyShipped(Refused):
    """Part of the order has left; only the rest can be cancelled, line by line."""

    code = "order_partly_shipped"

    def __init__(self, number: str) -> None:
        super().__init__(f"Part of order {number} has shipped; cancel the lines that have not.", number=number)


class HoldNotLiftable(Refused):
    """This hold ends with its cause, not by hand."""

    code = "hold_not_liftable"


class PaymentConflict(Refused):
    """A payment with this reference is on record with another amount."""

    code = "payment_conflict"


class ImportImpossible(Refused):
    """The import cannot even begin: the channel is switched off, the file is gone, or CSV comes without its map."""

    code = "import_impossible"


class OrderNotFound(NotFound):
    """No such order."""

    code = "order_not_found"

    def __init__(self, number: str) -> None:
        super().__init__(f"There is no order {number}.")


class HoldNotFound(NotFound):
    """No such open hold on this order."""

    code = "hold_not_found"

    def __init__(self, hold_id: int) -> None:
        super().__init__(f"There is no open hold {hold_id} on this order.")
