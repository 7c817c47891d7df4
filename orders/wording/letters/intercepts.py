"""Letters about a parcel that has left and is to go elsewhere: that its carrier is asked, and what it says."""

from django.utils.translation import gettext

from oms.mailing import Letter
from orders.models import Intercept, Order
from orders.wording.letters.parcels import name_parcel, offer_ways


def write_intercept_asked(order: Order, intercept: Intercept) -> Letter:
    """Asked is not done: nobody is promised the new address."""
    return Letter(
        subject=gettext("We ask for another address: order %(number)s") % {"number": order.number},
        headline=gettext("We ask the carrier to send your parcel elsewhere"),
        paragraphs=[
            gettext("It has left us already, so only the carrier can still redirect it."),
            gettext("That does not always work. We write again as soon as we know; there is nothing you need to do."),
        ],
        figures=_name_places(gettext("It should go to"), intercept),
        **offer_ways(order, intercept.shipment),
    )


def write_intercepted(order: Order, intercept: Intercept) -> Letter:
    return Letter(
        subject=gettext("Your parcel goes to the new address: order %(number)s") % {"number": order.number},
        headline=gettext("Your parcel goes to the new address"),
        paragraphs=[
            gettext("The carrier has agreed to redirect it. It may take a few days longer."),
            gettext("This is not the right address? Write to us at once."),
        ],
        figures=_name_places(gettext("It goes to"), intercept),
        **offer_ways(order, intercept.shipment),
    )


def write_not_intercepted(order: Order, intercept: Intercept) -> Letter:
    """What the carrier gave as its reason is for staff; what the customer can do is for the customer."""
    return Letter(
        subject=gettext("Your parcel could not be redirected: order %(number)s") % {"number": order.number},
        headline=gettext("Your parcel goes to the first address"),
        paragraphs=[
            gettext("We asked the carrier to send it elsewhere, but it could not be stopped any more."),
            gettext(
                "Somebody at the first address can take it in for you. If nobody can, it comes back to us: then we"
                " send it again or give your money back. Questions? Write to us."
            ),
        ],
        figures=_name_places(gettext("It does not go to"), intercept),
        **offer_ways(order, intercept.shipment),
    )


def _name_places(name: str, intercept: Intercept) -> list[tuple[str, str]]:
    return [*name_parcel(intercept.shipment), (name, str(intercept.address))]
