"""What returns refuse, and why.

Refused
├── NotReturnable           an item cannot come back; says why and since when
├── ReturnEnded             it is closed, declined or canceled
├── ReturnNotOpen           it waits for a decision, or has ended
├── ReturnUnderway          it has moved: canceling is over
├── WithdrawalStands        the customer withdrew in time: nobody may refuse that
├── WithdrawalEnded         it was stopped, or has left
├── WithdrawalWouldCost     taken off the order, the customer would have to pay
├── NotThatManyToReturn     more units than were bought, or than are left to return
├── ItemSettled             it was given something for already
├── LessIsLeft              the order has less left to give back than was agreed on
├── NotAccepted             nothing is given for what was not received and accepted
├── AdvanceTooMuch          more would be at risk than is allowed
├── AdvanceWithheld         nothing is given in advance for this return
├── AdvanceEnded            the goods came, or it was charged or forgiven
├── NotInspectable          it is not here, or was decided on
├── PhotoRefused            it is no picture that we take
├── TermsBelowLaw           the terms would give less than the law does
├── CreditShort             the account has less than that
├── CreditFrozen            the account is frozen
├── NothingToPay            nobody is asked for money
├── NothingOwed             less is owed to us than that
├── CurrencyMismatch        the account is in another currency
├── ReversedTooMuch         more would come back than was captured
├── CreditKeyReused         the same key, and other words
├── CreditEarned            it is the customer's own, and not taken back
├── AuthorizationEnded      it was captured, voided, or ran out
└── TooManyGuesses          codes are asked for that nobody has
"""

from collections.abc import Sequence
from typing import Any

from oms.errors import Refused
from oms.money import Money


class NotReturnable(Refused):
    """Something of what was asked for cannot come back. Facts: `lines` [{"line", "code", "sentence", "ended_on"}]."""

    code = "not_returnable"

    def __init__(self, message: str, lines: Sequence[dict[str, Any]]) -> None:
        super().__init__(message, lines=list(lines))
        self.lines = list(lines)


class ReturnEnded(Refused):
    """Nothing more happens to it."""

    code = "return_ended"

    def __init__(self, number: str, status: str) -> None:
        super().__init__(f"Return {number} has ended: {status.lower()}.", number=number, status=status)


class ReturnNotOpen(Refused):
    """It must be approved first."""

    code = "return_not_open"

    def __init__(self, number: str, status: str) -> None:
        super().__init__(f"Return {number} is {status.lower()}, not open.", number=number, status=status)


class ReturnUnderway(Refused):
    """Something of it has moved; it cannot be canceled any more."""

    code = "return_underway"

    def __init__(self, number: str) -> None:
        super().__init__(f"Return {number} is on its way already and cannot be canceled.", number=number)


class WithdrawalStands(Refused):
    """The customer withdrew from the contract in time: that needs nobody's leave."""

    code = "withdrawal_stands"

    def __init__(self, number: str) -> None:
        super().__init__(f"Return {number} is a withdrawal from the contract, and cannot be refused.", number=number)


class WithdrawalEnded(Refused):
    """There is nothing to stop any more."""

    code = "withdrawal_ended"

    def __init__(self, number: str, state: str) -> None:
        super().__init__(f"The withdrawal from order {number} has ended: {state.lower()}.", number=number, state=state)


class WithdrawalWouldCost(Refused):
    """As a change of the order it would wait for a payment, and nobody pays for withdrawing."""

    code = "withdrawal_would_cost"

    def __init__(self, number: str) -> None:
        super().__init__(f"Taken off order {number}, it would leave the customer something to pay.", number=number)


class NotThatManyToReturn(Refused):
    """More than is left to return. Facts: `line`, `left`."""

    code = "quantity_not_returnable"

    def __init__(self, line: int, left: str) -> None:
        super().__init__(f"Only {left} of line {line} are left to return.", line=line, left=left)


class ItemSettled(Refused):
    """It has been given for: nothing is settled twice."""

    code = "item_settled"

    def __init__(self, item: int) -> None:
        super().__init__(f"Item {item} was settled already.", item=item)


class LessIsLeft(Refused):
    """The order has given back too much in other ways. Facts: `agreed`, `left`, `currency`."""

    code = "less_is_left"

    def __init__(self, agreed: Money, left: Money) -> None:
        message = f"{agreed} were agreed on; only {left} of the order are left to give back."
        super().__init__(message, agreed=str(agreed.amount), left=str(left.amount), currency=left.currency)


class NotAccepted(Refused):
    """Nothing is given for what was not received and accepted."""

    code = "item_not_accepted"

    def __init__(self, item: int) -> None:
        super().__init__(f"Item {item} was not received and accepted.", item=item)


class AdvanceTooMuch(Refused):
    """More would be at risk than is allowed. Facts: `limit`, `exposed`."""

    code = "advance_too_much"

    def __init__(self, exposed: Money, limit: Money) -> None:
        message = f"{exposed} would be given before the goods are here; at most {limit} may be."
        super().__init__(message, limit=str(limit.amount), exposed=str(exposed.amount), currency=limit.currency)


class AdvanceWithheld(Refused):
    """Nothing is given in advance for this return; says why."""

    code = "advance_withheld"

    def __init__(self, number: str, because: str) -> None:
        super().__init__(f"Nothing is given in advance for return {number}: {because}", number=number)


class AdvanceEnded(Refused):
    """The goods came, or it was charged or forgiven. Facts: `state`."""

    code = "advance_ended"

    def __init__(self, state: str) -> None:
        super().__init__(f"This advance has ended: {state.lower()}.", state=state)


class NotInspectable(Refused):
    """The item is not here, or was decided on. Facts: `item`, `reception`, `acceptance`."""

    code = "item_not_inspectable"

    def __init__(self, item: int, reception: str, acceptance: str) -> None:
        message = f"Item {item} cannot be inspected: {reception.lower().replace('_', ' ')}, {acceptance.lower()}."
        super().__init__(message, item=item, reception=reception, acceptance=acceptance)


class PhotoRefused(Refused):
    """It is no picture that we take: too big, of another kind, or none at all."""

    code = "photo_refused"
    status = 422


class TermsBelowLaw(Refused):
    """The terms would give less than the law does. Facts: `country`, `statute`, `citation`."""

    code = "terms_below_law"
    status = 422


class CreditShort(Refused):
    """The account has less than that. Facts: `available`, `currency`."""

    code = "credit_short"

    def __init__(self, available: Money) -> None:
        super().__init__(
            f"There is {available} of credit left.", available=str(available.amount), currency=available.currency
        )


class CreditFrozen(Refused):
    """The account is frozen; ask the shop."""

    code = "credit_frozen"

    def __init__(self) -> None:
        super().__init__("This credit is frozen; ask the shop.")


class NothingToPay(Refused):
    """Nobody is asked for money for it just now."""

    code = "nothing_to_pay"

    def __init__(self, number: str) -> None:
        super().__init__(f"Nothing is to be paid for order {number} now.", number=number)


class NothingOwed(Refused):
    """Less is owed to us than that. Facts: `owed`, `currency`."""

    code = "nothing_owed"

    def __init__(self, owed: Money) -> None:
        super().__init__(f"Only {owed} can be forgiven.", owed=str(owed.amount), currency=owed.currency)


class CurrencyMismatch(Refused):
    """The account is in another currency."""

    code = "currency_mismatch"

    def __init__(self, asked: str, currency: str) -> None:
        super().__init__(f"This credit is in {currency}, not in {asked}.", currency=currency)


class ReversedTooMuch(Refused):
    """More would come back than was captured. Facts: `left`, `currency`."""

    code = "reversed_too_much"

    def __init__(self, left: Money) -> None:
        message = f"{left} are left of what was captured."
        super().__init__(message, left=str(left.amount), currency=left.currency)


class CreditKeyReused(Refused):
    """This key named something else before: nothing is done twice, and nothing instead of it."""

    code = "credit_key_reused"

    def __init__(self, key: str) -> None:
        super().__init__(f"The key {key} was used for something else.", key=key)


class CreditEarned(Refused):
    """It is the customer's own: nobody takes it back."""

    code = "credit_earned"

    def __init__(self) -> None:
        super().__init__("This credit was earned and is not taken back.")


class AuthorizationEnded(Refused):
    """It was captured, voided, or ran out. Facts: `state`."""

    code = "authorization_ended"

    def __init__(self, state: str) -> None:
        super().__init__(f"This authorization has ended: {state.lower()}.", state=state)


class TooManyGuesses(Refused):
    """Codes are asked for that nobody has; wait. Facts: `retry_after` (seconds)."""

    code = "too_many_guesses"
    status = 429

    def __init__(self, seconds: int) -> None:
        super().__init__("Too many codes were asked for that nobody has.", retry_after=seconds)
