"""The gate to a return: only by its own order, which the browser was let in to."""

from functools import wraps
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse

from orders.models import Order
from orders.portal.access import View
from returns.models import Return


def of_customer(view: View) -> View:
    """Gives the view a return of the customer's own order; any other does not exist."""

    @wraps(view)
    def gated(request: HttpRequest, order: Order, rma: str, **words: Any) -> HttpResponse:
        found = Return.objects.filter(number=rma, order=order).select_related("node__warehouse").first()
        if found is None:
            raise Http404
        return view(request, order, found, **words)

    return gated
