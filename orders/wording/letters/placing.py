"""Letters of an order's first hour: the code that opens it, its confirmation, and why it left early."""

from datetime import datetime

from django.utils.translation import gettext

from oms.events import Event
from oms.mailing import Letter
from oms.portal.zones import name_zone
from oms.templatetags.portal import say_clock, say_moment
from orders.actions.admitting import CODE_LASTS
from orders.models import Hold, Order
from orders.queries.portal_links import make_link
from orders.wording.addresses import address_lines
from orders.wording.letters.parts import join_names, link_note, list_goods, name_titles, see_order, sum_amounts
from orders.wording.windows import say_ended, was_never_open


def write_code(order: Order, digits: str) -> Letter:
    valid = gettext("Type it on the page where you asked for it. It is valid for %(n)s minutes.")
    return Letter(
        subject=gettext("%(code)s opens your order") % {"code": digits},
        headline=gettext("Your code"),
        paragraphs=[valid % {"n": int(CODE_LASTS.total_seconds() // 60)}],
        code=digits,
        closing=[gettext("You did not ask for it? Then do nothing; without this code nobody can see your order.")],
    )


def write_confirmation(order: Order, at: datetime) -> Letter:
    """As of that moment."""
    open_until = _say_window(order, at)
    paragraphs = [gettext("We have your order %(number)s.") % {"number": order.number}, *open_until]
    if address := address_lines(order.shipping_address):
        paragraphs.append(gettext("It goes to %(address)s.") % {"address": join_names(address)})
    return Letter(
        subject=gettext("Your order %(number)s") % {"number": order.number},
        headline=gettext("Thank you for your order"),
        preview=" ".join(paragraphs[:2]),
        paragraphs=paragraphs,
        goods=list_goods(order),
        figures=sum_amounts(order),
        sum_up=True,
        deed=(gettext("See or change your order"), make_link(order)),
        closing=[link_note()],
    )


def _say_window(order: Order, at: datetime) -> list[str]:
    """Until when it can be changed, or why it cannot."""
    window = order.holds.filter(reason=Hold.Reason.EDIT_WINDOW).order_by("-id").first()
    if window is None:
        return []
    if window.closed_at is None and window.until and not window.staff_only:
        until = {"at": say_clock(window.until), "zone": name_zone()}
        said = gettext("You can change it until %(at)s (%(zone)s): address, sizes, quantities, or add something.")
        return [said % until]
    if window.closed_at and window.closed_at <= at and window.closed_because.get("code") == "low_stock":
        why = say_ended(window.closed_because, name_titles(order), at_once=was_never_open(window))
        return [why, gettext("It cannot be changed online any more.")]
    return []


def write_window_ended(order: Order, event: Event) -> Letter:
    window = order.holds.filter(reason=Hold.Reason.EDIT_WINDOW, closed_at=event.at).order_by("-id").first()
    at_once = window is not None and was_never_open(window)
    ended = gettext("That was at %(at)s (%(zone)s). It cannot be changed online any more.")
    return Letter(
        subject=gettext("Order %(number)s is on its way to the warehouse") % {"number": order.number},
        headline=gettext("Your order left earlier than planned"),
        paragraphs=[
            say_ended(event.facts, name_titles(order), at_once=at_once),
            ended % {"at": say_moment(event.at), "zone": name_zone()},
        ],
        deed=see_order(order),
        closing=[link_note()],
    )
