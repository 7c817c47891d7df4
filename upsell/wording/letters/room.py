"""The letter that there is still room in the parcel."""

from datetime import datetime

from django.utils.translation import gettext

from oms.mailing import Goods, Letter
from oms.money import round_amount
from oms.portal.zones import name_zone
from oms.templatetags.portal import say_amount, say_clock, units
from orders.models import Order
from orders.queries.portal_links import make_link
from orders.wording.letters.parts import link_note
from orders.wording.words import say_options
from upsell.actions.mailing_room import RoomNote
from upsell.models import Offer
from upsell.wording.words import say_because, say_gap, say_words


def write_room(order: Order, note: RoomNote) -> Letter:
    """Each offer is a link to the page where it can be accepted; the button leads to the first of them."""
    offered = note.offered
    first = offered.offers[0]
    headline = say_words(offered.words, default=gettext("There is still room in your parcel"))
    paragraphs = [_say_deadline(order, offered.until)] if offered.until else []
    if offered.gap and offered.gap.missing > 0:
        paragraphs.append(say_gap(offered.gap.missing, order.currency) + ".")
    many = len(offered.offers) > 1
    return Letter(
        subject=f"{note.mark} {headline}".strip(),
        headline=headline,
        paragraphs=paragraphs,
        goods=[row for offer in offered.offers for row in _list_goods(order, offer)],
        deed=(gettext("Look at the first") if many else gettext("Look at it"), _link(order, first)),
        aside=(gettext("See your order"), make_link(order)),
        closing=[
            gettext("Nothing happens by itself: what you do not add is not sent and not charged."),
            link_note(),
        ],
        unsubscribe=note.unsubscribe,
    )


def _say_deadline(order: Order, until: datetime) -> str:
    said = gettext("Until %(at)s (%(zone)s) you can add something to order %(number)s. It comes in the same parcel.")
    return said % {"at": say_clock(until), "zone": name_zone(), "number": order.number}


def _link(order: Order, offer: Offer) -> str:
    return make_link(order, to=f"offers/{offer.pk}/mail/")


def _list_goods(order: Order, offer: Offer) -> list[Goods]:
    """One row an item; why it was chosen, and what the offer saves, stand with the first."""
    rows = []
    for place, item in enumerate(offer.items.all()):
        amount = round_amount(item.unit_price * item.quantity - item.discount, offer.currency)
        said = [say_options(item.variant.options), *(_say_more(offer) if place == 0 else ())]
        rows.append(
            Goods(
                quantity=units(item.quantity),
                title=item.variant.product.title,
                detail=" · ".join(filter(None, said)),
                amount=say_amount(amount, offer.currency),
                link=_link(order, offer),
            )
        )
    return rows


def _say_more(offer: Offer) -> list[str]:
    said = [say_because(offer.because)]
    if offer.saving:
        said.append(gettext("you save %(amount)s") % {"amount": say_amount(offer.saving, offer.currency)})
    if offer.frees_shipping:
        said.append(gettext("shipping becomes free"))
    return said
