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
├── EditWindowClosed        it is over, or there was none; says why and what can be done instead
├── EditNotAllowed          this actor may not do this
├── AmountNotCollectable    no gateway asks for so little, or for just that much
├── EditAlreadyOpen         another change waits for payment or for us
├── EditAlreadyEnded        it was done, declined or given up
├── TooManyCodes            somebody asks for codes faster than anybody reads mail
├── CodeWrong               the digits are not those that were mailed
├── CodeLocked              all tries of a code are used up
├── CodeOutdated            the code is too old, was used, or never was
├── ComparisonNotOffered    the other system cannot be asked for its copy
├── TargetUnreachable       the other system gave no answer, or a no
├── RepaymentNotOpen        it is done, on its way, or not owed any more
├── NothingOwedBack         the order does not owe the customer that much any more
├── SandboxPageOver         this pay page has run out, or was never there
├── TierInUse               edit window rules name this velocity tier
├── OrderAtWarehouse        a warehouse has accepted it and works on it
├── FulfillmentEnded        it is closed or cancelled
├── FulfillmentOnHold       somebody holds it; says why
├── FulfillmentScheduled    it is for later; says when
├── FulfillmentNotAccepted  nobody has said yet that it will be done
├── FulfillmentAccepted     it was accepted already: ask for cancellation
├── NotThatMany             more units than this fulfillment has
├── NotThatManySent         more units should come back than were sent and are not back yet
├── CancellationNotAsked    there is no request to answer
├── LabelNotVoidable        the parcel has left, or there is no label
├── LabelRefused            no carrier takes this parcel; says why
├── NotRoutable             these warehouses cannot send it; says why
├── InterceptImpossible     a parcel that has left cannot go elsewhere; says why
├── InterceptAnswered       the carrier has said otherwise already
└── TrackingConflict        this tracking event was reported with other words
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from decimal import Decimal
from math import ceil

from oms.errors import Refused
from oms.money import Money, round_amount
from oms.quantities import plain


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


class EditWindowClosed(Refused):
    """The customer can change it no more. Facts: `because` (a code), `closed_at`, and what else it was closed for."""

    code = "edit_window_closed"


class EditNotAllowed(Refused):
    """The permissions say no. Facts: `operation`, `actor`."""

    code = "edit_not_allowed"


class AmountNotCollectable(Refused):
    """What the edit costs more is too little, or too fine, for the gateway that would ask for it.

    Facts: `to_pay`, `currency`, `gateway`, `smallest`, `step` (whole multiples of it; "0": any).
    """

    code = "amount_not_collectable"

    def __init__(self, due: Money, gateway: str, *, smallest: Decimal, step: Decimal) -> None:
        bound = f"nothing below {smallest}" if due.amount < smallest else f"only whole multiples of {step}"
        message = f"{due} more would be to pay, and {gateway} asks for {bound} {due.currency}: change something more."
        amounts = {"to_pay": str(round_amount(due.amount, due.currency)), "smallest": str(smallest), "step": str(step)}
        super().__init__(message, currency=due.currency, gateway=gateway, **amounts)


class EditAlreadyOpen(Refused):
    """One change at a time: another one waits. Facts: `edit`, `state`."""

    code = "edit_open"

    def __init__(self, number: str, edit_id: int, state: str) -> None:
        waits = "for payment" if state == "AWAITING_PAYMENT" else "for our approval"
        message = f"Another change of order {number} waits {waits}; finish or withdraw it first."
        super().__init__(message, edit=edit_id, state=state)


class EditAlreadyEnded(Refused):
    """What has ended cannot be decided or withdrawn. Facts: `state`."""

    code = "edit_ended"

    def __init__(self, edit_id: int, state: str) -> None:
        super().__init__(f"Edit {edit_id} has ended: {state.replace('_', ' ').lower()}.", state=state)


class TooManyCodes(Refused):
    """Codes for one order, or from one address, are limited; `minutes` says when the next may be asked for."""

    code = "too_many_codes"
    status = 429

    def __init__(self, wait: timedelta) -> None:
        minutes = max(1, ceil(wait / timedelta(minutes=1)))
        super().__init__(f"Too many codes were asked for; wait {minutes} minutes.", minutes=minutes)


class CodeWrong(Refused):
    """These are not the digits that were mailed."""

    code = "code_wrong"
    status = 422

    def __init__(self, left: int) -> None:
        super().__init__(f"This code is wrong; {left} tries are left.", left=left)


class CodeLocked(Refused):
    """Every try of this code is used up; a new one must be asked for."""

    code = "code_locked"

    def __init__(self) -> None:
        super().__init__("This code was tried too often; ask for a new one.")


class CodeOutdated(Refused):
    """The code is too old, was used already, or never was."""

    code = "code_outdated"

    def __init__(self) -> None:
        super().__init__("This code is not valid any more; ask for a new one.")


class ComparisonNotOffered(Refused):
    """A partner's webhook tells, it cannot be asked; only the partner knows its copy."""

    code = "comparison_not_offered"

    def __init__(self, target: str, what: str = "an order") -> None:
        super().__init__(f"{target} cannot be asked for its copy of {what}.", target=target)


class TargetUnreachable(Refused):
    """The other system gave no answer, or one that says no."""

    code = "target_unreachable"

    def __init__(self, target: str, sentence: str) -> None:
        super().__init__(f"{target}: {sentence}", target=target)


class RepaymentNotOpen(Refused):
    """This repayment does not wait for anybody: it is done, on its way, or not owed any more."""

    code = "repayment_not_open"

    def __init__(self, repayment_id: int, state: str) -> None:
        super().__init__(f"Repayment {repayment_id} waits for nobody: it is {state.lower()}.", state=state)


class NothingOwedBack(Refused):
    """The order owes the customer less than what would go back: something was bought since."""

    code = "nothing_owed_back"

    def __init__(self, number: str) -> None:
        super().__init__(f"Order {number} does not owe the customer that much any more.", number=number)


class SandboxPageOver(Refused):
    """This pay page of the sandbox has run out: nothing was paid."""

    code = "sandbox_page_over"


class TierInUse(Refused):
    """Edit window rules name this velocity tier: it cannot go, nor change its code."""

    code = "tier_in_use"

    def __init__(self, code: str, rules: Sequence[str]) -> None:
        named = ", ".join(f"“{name}”" for name in rules)
        super().__init__(f"The tier {code} is named by rules: {named}. Change them first.", rules=list(rules))


class OrderAtWarehouse(Refused):
    """A warehouse has accepted the order and works on it. Facts: `fulfillments` (number, warehouse)."""

    code = "order_at_warehouse"

    def __init__(self, number: str, fulfillments: Sequence[tuple[str, str]]) -> None:
        named = ", ".join(f"{each} ({warehouse})" for each, warehouse in fulfillments)
        detail = f"A warehouse works on order {number} already: {named}. Ask for cancellation instead."
        facts = [{"number": each, "warehouse": warehouse} for each, warehouse in fulfillments]
        super().__init__(detail, number=number, fulfillments=facts)


class FulfillmentEnded(Refused):
    """The fulfillment is closed or cancelled: nothing more happens to it."""

    code = "fulfillment_ended"

    def __init__(self, number: str, status: str) -> None:
        super().__init__(f"Fulfillment {number} is {status.lower()}.", number=number, status=status)


class FulfillmentOnHold(Refused):
    """Somebody holds the fulfillment: it cannot be begun until the hold is released. Facts: `reason`, `note`."""

    code = "fulfillment_on_hold"

    def __init__(self, number: str, reason: str, note: str) -> None:
        detail = f"Fulfillment {number} is on hold ({reason.replace('_', ' ').lower()}); release the hold first."
        super().__init__(detail, number=number, reason=reason, note=note)


class FulfillmentScheduled(Refused):
    """The fulfillment is for later: it cannot be begun before it is due. Facts: `fulfill_at`."""

    code = "fulfillment_scheduled"

    def __init__(self, number: str, fulfill_at: datetime | None) -> None:
        until = fulfill_at.isoformat() if fulfill_at else ""
        super().__init__(f"Fulfillment {number} is not to be begun before {until}.", number=number, fulfill_at=until)


class FulfillmentNotAccepted(Refused):
    """The fulfillment has to be accepted first."""

    code = "fulfillment_not_accepted"

    def __init__(self, number: str, request_status: str) -> None:
        detail = f"Fulfillment {number} has not been accepted; accept it first."
        super().__init__(detail, number=number, request_status=request_status)


class FulfillmentAccepted(Refused):
    """The fulfillment was accepted already. What cannot be sent is reported as short; or ask for cancellation."""

    code = "fulfillment_accepted"

    def __init__(self, number: str) -> None:
        super().__init__(f"Fulfillment {number} was accepted already.", number=number)


class NotThatMany(Refused):
    """More units than are left to send. Facts: `line`, `left`."""

    code = "not_that_many"


class NotThatManySent(Refused):
    """More units should come back than were sent and are not back yet. Facts: `line`, `left`."""

    code = "more_than_sent"

    def __init__(self, line: int, left: Decimal) -> None:
        super().__init__(f"Only {plain(left)} of line {line} can come back.", line=line, left=plain(left))


class CancellationNotAsked(Refused):
    """Nobody has asked for the cancellation of this fulfillment."""

    code = "cancellation_not_requested"

    def __init__(self, number: str) -> None:
        super().__init__(f"Nobody has asked to cancel fulfillment {number}.", number=number)


class LabelNotVoidable(Refused):
    """There is no label that could be given back, or the parcel has left with it."""

    code = "label_not_voidable"


class LabelRefused(Refused):
    """No carrier takes this parcel. Facts: `reasons`, one a service."""

    code = "label_refused"


class NotRoutable(Refused):
    """These warehouses cannot send the order. Facts: `reasons`."""

    code = "not_routable"


class InterceptImpossible(Refused):
    """This parcel cannot be sent elsewhere any more. Facts: `reason` (switched_off, too_late, another_country)."""

    code = "intercept_impossible"

    def __init__(self, reason: str, detail: str) -> None:
        super().__init__(detail, reason=reason)


class InterceptAnswered(Refused):
    """What the carrier said is on record already. Facts: `state`."""

    code = "intercept_answered"

    def __init__(self, number: str, state: str) -> None:
        super().__init__(f"What the carrier of {number} said is on record: {state.lower()}.", state=state)


class TrackingConflict(Refused):
    """This tracking event was reported before, and said something else."""

    code = "tracking_conflict"
