"""The gate to an offer: only by its own order, which the browser was let in to."""

from functools import wraps
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse

from orders.models import Order
from orders.portal.access import View
from upsell.models import Offer


def of_customer(view: View) -> View:
    """Gives the view an offer of the customer's own order; any other does not exist."""

    @wraps(view)
    def gated(request: HttpRequest, order: Order, offer: int, **words: Any) -> HttpResponse:
        found = Offer.objects.filter(pk=offer, order=order).first()
        if found is None:
            raise Http404
        return view(request, order, found, **words)

    return gated
