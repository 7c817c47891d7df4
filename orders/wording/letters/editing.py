"""Letters about changes: what is waited for, what was done, what was not."""

from decimal import Decimal

from django.utils.translation import gettext

from oms.mailing import Letter
from oms.portal.zones import name_zone
from oms.templatetags.portal import say_amount, say_clock
from orders.models import Edit, Order
from orders.queries.portal_links import make_link
from orders.wording.changes import describe_edit
from orders.wording.letters.parts import link_note, see_order


def write_payment(order: Order, edit: Edit) -> Letter:
    due = edit.checkouts.order_by("-id").first()
    amount = due.amount if due else max(edit.total_after - edit.total_before, Decimal(0))
    deadline = {"at": say_clock(edit.deadline), "zone": name_zone()} if edit.deadline else {"at": "", "zone": ""}
    return Letter(
        subject=gettext("Your change of order %(number)s waits for payment") % {"number": order.number},
        headline=gettext("One step is left: the payment"),
        paragraphs=[
            gettext("Paid by %(at)s (%(zone)s) your change is done. If not, your order stays as it was.") % deadline
        ],
        points=describe_edit(edit),
        figures=[(gettext("To pay"), say_amount(amount, edit.currency))],
        sum_up=True,
        deed=(gettext("Go to the payment"), make_link(order)),
        closing=[link_note()],
    )


def write_approval(order: Order, edit: Edit) -> Letter:
    return Letter(
        subject=gettext("Your change of order %(number)s is with us") % {"number": order.number},
        headline=gettext("We look at your change"),
        paragraphs=[gettext("You hear from us soon. Until then your order stays as it was and does not leave.")],
        points=describe_edit(edit),
        deed=see_order(order),
        closing=[link_note()],
    )


def write_done(order: Order, edit: Edit) -> Letter:
    own = edit.actor == Edit.Actor.CUSTOMER
    repaid = order.repayments.filter(edit=edit).values_list("amount", flat=True)
    figures = [(gettext("Total of the order"), say_amount(edit.total_after, edit.currency))]
    if repaid:
        figures.append((gettext("Goes back to you"), say_amount(sum(repaid, Decimal(0)), edit.currency)))
    return Letter(
        subject=gettext("Order %(number)s was changed") % {"number": order.number},
        headline=gettext("Your change is done") if own else gettext("We changed your order"),
        paragraphs=[gettext("This is what changed in order %(number)s:") % {"number": order.number}],
        points=describe_edit(edit),
        figures=figures,
        deed=see_order(order),
        closing=[gettext("You did not ask for this? Write to us at once."), link_note()],
    )


def write_ended(order: Order, edit: Edit) -> Letter:
    headline, why = {
        Edit.State.DECLINED: (
            gettext("We could not make this change"),
            edit.note or gettext("Our team looked at it and could not do it."),
        ),
        Edit.State.EXPIRED: (
            gettext("The time for this change ran out"),
            gettext("It was not paid or decided in time. A payment that still arrives goes back to you by itself."),
        ),
    }.get(
        Edit.State(edit.state),
        (gettext("Another change came first"), gettext("Your order was changed elsewhere in the meantime.")),
    )
    return Letter(
        subject=gettext("Your change of order %(number)s was not made") % {"number": order.number},
        headline=headline,
        paragraphs=[why, gettext("Your order stays as it was:")],
        points=describe_edit(edit),
        deed=see_order(order),
        closing=[link_note()],
    )


def write_farewell(order: Order) -> Letter:
    """To the address that the order's mail leaves. It says nothing of the order and bears no link, for that address may
    be somebody else's by now.
    """
    return Letter(
        subject=gettext("Another e-mail address for order %(number)s") % {"number": order.number},
        headline=gettext("Your order has another e-mail address"),
        paragraphs=[gettext("All further news of it goes there. This was our last mail to this address.")],
        closing=[gettext("You did not ask for this? Write to us at once.")],
    )
