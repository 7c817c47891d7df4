"""An offer beside the changes that were collected already: one confirmation and one payment for all."""

from collections.abc import Sequence
from datetime import datetime

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST

from oms.errors import Refused
from orders.actions.edits.editing import preview_edit
from orders.models import Edit, Order
from orders.portal.access import for_customer
from orders.portal.drafts import TOGETHER, put_change, read_draft
from upsell.actions.collecting import collect_offer
from upsell.choices import Placement
from upsell.models import Offer
from upsell.portal.gate import of_customer
from upsell.queries.gap import Gap, count_changes

BY = "customer"


@require_POST
@for_customer
@of_customer
def collect(request: HttpRequest, order: Order, offer: Offer) -> HttpResponse:
    """Nothing happens yet: the preview shows what it comes to, and takes it back like any other change. What goes
    together comes and goes together.
    """
    operations = collect_offer(offer_id=offer.pk, placement=Placement.EDIT, by=BY, at=timezone.now())
    for operation in operations:
        put_change(request, order, f"{TOGETHER}{offer.pk}:{operation['offer']}", operation)
    return HttpResponseRedirect(reverse("portal:preview", args=[order.number]))


def leave_out_collected(request: HttpRequest, order: Order, offers: Sequence[Offer]) -> list[Offer]:
    """The offers that do not stand among the collected changes."""
    collected = {each.get("offer") for each in read_draft(request, order).operations}
    return [offer for offer in offers if collected.isdisjoint(item.pk for item in offer.items.all())]


def count_collected(
    request: HttpRequest, order: Order, gap: Gap | None, offers: Sequence[Offer], *, at: datetime
) -> tuple[Gap | None, list[Offer]]:
    """What is missing to free shipping with the collected changes; where that is nothing, nothing has to fill it."""
    operations = read_draft(request, order).operations
    if gap is None or not operations:
        return gap, list(offers)
    try:
        quote = preview_edit(number=order.number, operations=operations, actor=Edit.Actor.CUSTOMER, by=BY, at=at)
    except Refused:
        return gap, list(offers)
    left = count_changes(gap, quote)
    if left is not None and left.missing > 0:
        return left, list(offers)
    return None, [offer for offer in offers if offer.because.get("code") != "fills"]
