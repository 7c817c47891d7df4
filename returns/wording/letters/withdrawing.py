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
from returns.models import Withdrawal
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


def say_what_now(withdrawal: Withdrawal) -> str:
    if withdrawal.state == Withdrawal.State.STOPPED:
        return gettext("Nothing of it is sent any more. What you paid goes back the way you paid, within 14 days.")
    if withdrawal.state == Withdrawal.State.RETURNING:
        return gettext("It had left before it could be stopped: it comes back as a return, without a reason.")
    return gettext(
        "Our warehouse is stopping it. Should it leave all the same, you need do nothing but send it back: your "
        "withdrawal counts from now."
    )
