"""The script's word that offers came into view. It is a measurement: nothing hangs on it, and it asks for nothing."""

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_POST

from oms.portal.pages import is_too_fast
from orders.portal.access import order_for_customer
from upsell.actions.seeing import note_seen
from upsell.portal.places import read_placement

MOST_AT_ONCE = 12


@require_POST
def see(request: HttpRequest, number: str) -> HttpResponse:
    """Only offers of the order itself count; of any other the answer is the same."""
    if is_too_fast(request):
        return HttpResponse(status=429)
    at = timezone.now()
    order = order_for_customer(request, number, at=at)
    seen = [int(each) for each in request.POST.getlist("offer")[:MOST_AT_ONCE] if each.isdigit() and len(each) < 19]
    if order is not None and seen:
        note_seen(offer_ids=seen, order=order, placement=read_placement(request.POST), at=at)
    return HttpResponse(status=204)
