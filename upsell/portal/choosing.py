"""Another size or colour of what is offered: one press, and the page says what that costs."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST

from inventory.policies.swatches import find_swatch
from oms.errors import Refused
from oms.portal.pages import show_refusal
from orders.models import Order
from orders.portal.access import for_customer
from orders.wording.words import say_options, sort_key
from upsell.actions.choosing import choose_variant
from upsell.models import Offer
from upsell.portal.gate import of_customer
from upsell.portal.places import read_placement
from upsell.portal.sayings import SAYINGS
from upsell.queries.choosing import list_choices
from upsell.queries.drafting import price_alone

BY = "customer"


@dataclass(frozen=True, slots=True)
class Choice:
    """A variant at the offer's terms. `other_price`: where it costs something else than the one that is chosen."""

    sku: str
    said: str
    swatch: str
    chosen: bool
    other_price: Decimal | None


@require_POST
@for_customer
@of_customer
def choose(request: HttpRequest, order: Order, offer: Offer) -> HttpResponse:
    """Back to the offer's page, from whichever place its reader had come there."""
    back = f"{reverse('offers:offer', args=[order.number, offer.pk])}?via={read_placement(request.POST)}"
    try:
        choose_variant(offer_id=offer.pk, sku=request.POST.get("sku", "")[:100], by=BY, at=timezone.now())
    except Refused as refusal:
        return show_refusal(request, refusal, SAYINGS, back=back, country=order.country)
    return HttpResponseRedirect(back)


def show_choices(offer: Offer, *, at: datetime) -> list[Choice]:
    """Sizes as they grow; nothing where there is no choice."""
    now = {item.sku for item in offer.items.all()}
    found = sorted(list_choices(offer, at=at), key=lambda each: (sort_key(each.options), each.sku))
    prices = {each.sku: price_alone(offer.campaign, each, offer.currency).price for each in found}
    return [
        Choice(
            each.sku,
            say_options(each.options) or each.sku,
            find_swatch(each.options),
            each.sku in now,
            prices[each.sku] if prices[each.sku] != offer.price else None,
        )
        for each in found
    ]
