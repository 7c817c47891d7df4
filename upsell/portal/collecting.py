"""An offer beside the changes that were collected already: one confirmation and one payment for all."""

from collections.abc import Sequence

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST

from orders.models import Order
from orders.portal.access import for_customer
from orders.portal.drafts import put_change, read_draft
from upsell.actions.collecting import collect_offer
from upsell.choices import Placement
from upsell.models import Offer
from upsell.portal.gate import of_customer

BY = "customer"


@require_POST
@for_customer
@of_customer
def collect(request: HttpRequest, order: Order, offer: Offer) -> HttpResponse:
    """Nothing happens yet: the preview shows what it comes to, and takes it back like any other change."""
    operations = collect_offer(offer_id=offer.pk, placement=Placement.EDIT, by=BY, at=timezone.now())
    for operation in operations:
        put_change(request, order, f"offer:{operation['offer']}", operation)
    return HttpResponseRedirect(reverse("portal:preview", args=[order.number]))


def leave_out_collected(request: HttpRequest, order: Order, offers: Sequence[Offer]) -> list[Offer]:
    """The offers that do not stand among the collected changes."""
    collected = {each.get("offer") for each in read_draft(request, order).operations}
    return [offer for offer in offers if collected.isdisjoint(item.pk for item in offer.items.all())]
