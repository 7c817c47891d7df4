"""The receipt of a withdrawal about goods that had not left."""

from collections.abc import Mapping, Sequence
from decimal import Decimal

from django.utils.translation import gettext

from oms.mailing import Letter
from oms.portal.zones import name_zone
from oms.templatetags.portal import say_day
from orders.models import Order, OrderLine
from orders.queries.portal_links import make_link
from orders.wording.letters.parts import describe_goods, link_note
from returns.models import Return, ReturnItem, Withdrawal
from returns.wording.letters.parts import list_items, name_number, open_page
from returns.wording.words import name_customer, say_exactly


def write_declared(withdrawal: Withdrawal, lines: Sequence[OrderLine], units: Mapping[int, Decimal]) -> Letter:
    """Directive 2011/83/EU, article 11a(4): what was declared, with date and time, on a durable medium. With what
    happens now, as it stood when it was declared."""
    order: Order = withdrawal.order
    stated = gettext("I withdraw from the contract of order %(order)s, placed on %(day)s, for the following goods:")
    names = {"order": order.number, "day": say_day(order.placed_at)}
    moment = {"at": say_exactly(withdrawal.declared_at), "zone": name_zone()}
    figures = [
        (gettext("Received on"), gettext("%(at)s (%(zone)s)") % moment),
        (gettext("Contract"), gettext("Order %(order)s") % names),
        (gettext("Name"), name_customer(order)),
        (gettext("Acknowledged to"), order.email),
    ]
    return Letter(
        subject=gettext("We have received your withdrawal: order %(order)s") % names,
        headline=gettext("We have received your withdrawal"),
        paragraphs=[
            gettext("This is the acknowledgement of your withdrawal. Keep this mail. You declared:"),
            f"“{stated % names}”",
        ],
        goods=[describe_goods(line, units[line.pk]) for line in lines],
        figures=[(label, said) for label, said in figures if said],
        deed=(gettext("See your order"), make_link(order)),
        closing=[say_what_now(withdrawal), link_note()],
    )


def write_left(withdrawal: Withdrawal, return_: Return, items: Sequence[ReturnItem]) -> Letter:
    """It was declared in time and acknowledged, and left all the same."""
    names = name_number(return_) | {"day": say_day(withdrawal.declared_at)}
    return Letter(
        subject=gettext("Order %(order)s has left all the same: how you send it back") % names,
        headline=gettext("It left before we could stop it"),
        paragraphs=[
            gettext("You withdrew from the contract on %(day)s, and that counts: you get back what you paid.") % names,
            gettext("Send it back within 14 days of getting it. How that is done we tell you in another mail."),
        ],
        goods=list_items(items, with_value=False),
        figures=[(gettext("Return number"), return_.number)],
        deed=open_page(return_),
        closing=[link_note()],
    )


def say_what_now(withdrawal: Withdrawal) -> str:
    if withdrawal.state == Withdrawal.State.STOPPED:
        return gettext("Nothing of it is sent any more. What you paid goes back the way you paid, within 14 days.")
    if withdrawal.state == Withdrawal.State.RETURNING:
        return gettext("It had left before it could be stopped: it comes back as a return, without a reason.")
    if withdrawal.state == Withdrawal.State.STUCK:
        return gettext(
            "It could not be stopped by itself: one of us is looking after it. Your withdrawal counts from when you "
            "declared it. Should it leave all the same, you need do nothing but send it back."
        )
    if withdrawal.state == Withdrawal.State.LEAVING:
        return gettext(
            "It cannot be stopped any more and will reach you. Your withdrawal counts all the same: as soon as it has "
            "left we write to you how you send it back."
        )
    return gettext(
        "Our warehouse is stopping it. Should it leave all the same, you need do nothing but send it back: your "
        "withdrawal counts from now."
    )
