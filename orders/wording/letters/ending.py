"""Letters about an order's end, and about money that goes back."""

from collections.abc import Sequence
from decimal import Decimal

from django.utils.translation import gettext

from oms.mailing import Letter
from oms.templatetags.portal import say_amount
from orders.models import Order, Payment, Refund, Repayment
from orders.payments.registry import CHANNEL
from orders.wording.letters.parts import describe_goods, link_note, see_order


def write_cancelled(order: Order, *, own: bool) -> Letter:
    """`own`: the customer asked for it."""
    repayments = list(order.repayments.exclude(state=Repayment.State.WITHDRAWN))
    back = sum((repayment.amount for repayment in repayments), Decimal(0))
    lines = order.lines.select_related("variant").filter(cancelled_quantity__gt=0).order_by("position")
    number = {"number": order.number}
    money = _say_money(order, repayments)
    return Letter(
        subject=gettext("Order %(number)s is cancelled") % number,
        headline=gettext("Your order is cancelled"),
        preview=money,
        paragraphs=[
            gettext("As you asked, order %(number)s is cancelled. Nothing of it will be sent.") % number
            if own
            else gettext("Order %(number)s was cancelled. Nothing of it will be sent.") % number,
            money,
        ],
        goods=[describe_goods(line, line.cancelled_quantity) for line in lines],
        figures=[(gettext("Goes back to you"), say_amount(back, order.currency))] if back else [],
        sum_up=True,
        deed=see_order(order),
        closing=[*([] if own else [gettext("You do not know why? Write to us.")]), link_note()],
    )


def _say_money(order: Order, repayments: Sequence[Repayment]) -> str:
    """What goes back, how and when."""
    states = {repayment.state for repayment in repayments}
    if any(repayment.gateway == CHANNEL for repayment in repayments) or (not repayments and order.balance.amount < 0):
        return gettext("The shop where you bought it gives back what you paid, the way you paid.")
    if states & {Repayment.State.BY_HAND, Repayment.State.FAILED}:
        return gettext("Our team sends back what you paid. We write to you once it is on its way.")
    if repayments:
        return gettext(
            "What you paid goes back the way you paid. With most banks that takes three to five working days."
        )
    if order.payments.filter(status=Payment.Status.VOIDED).exists():
        return gettext("You were not charged. What your bank had set aside for it is free again in some days.")
    return gettext("You owe nothing for it.")


def write_refunded(order: Order, refunds: Sequence[Refund]) -> Letter:
    """One or several that went together."""
    sum_of_these = sum((refund.amount for refund in refunds), Decimal(0))
    amount = say_amount(sum_of_these, order.currency)
    in_all = (gettext("Given back in all"), say_amount(order.refunded, order.currency))
    return Letter(
        subject=gettext("%(amount)s goes back to you: order %(number)s") % {"amount": amount, "number": order.number},
        headline=gettext("Your money is on its way back"),
        paragraphs=[
            gettext("We have sent back %(amount)s of what you paid for order %(number)s, the way you paid.")
            % {"amount": amount, "number": order.number},
            gettext("With most banks it arrives within three to five working days."),
        ],
        figures=[in_all] if order.refunded > sum_of_these else [],
        deed=see_order(order),
        closing=[link_note()],
    )
