"""The gate: the only way a browser reaches an order. What it may not see does not exist for it.

A browser is let in by a code or by a signed link; its session then holds the numbers of the orders that it may see,
each until a moment. A form that arrives after that moment is kept, and sent again once its owner has come back.
"""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from oms.models import Channel
from oms.portal.pages import is_too_fast, show_page, show_too_fast
from oms.reading import Part, fetch_joined
from orders.models import Address, Customer, Order

STAY = timedelta(hours=4)
MOST_KEPT = 20_000
"""Characters of a form that is kept; a longer one was not filled in by hand."""

_ADMITTED = "orders_admitted"
_KEPT = "orders_kept"
_PARTS = (Part("o", Order), Part("ch", Channel), Part("cu", Customer), Part("a", Address))
_ORDER = """
SELECT {columns} FROM orders_order o JOIN oms_channel ch ON ch.id = o.channel_id
LEFT JOIN orders_customer cu ON cu.id = o.customer_id LEFT JOIN orders_address a ON a.id = o.shipping_address_id
WHERE o.number = %(number)s
"""

View = Callable[..., HttpResponse]


def admit(request: HttpRequest, order: Order, *, at: datetime) -> None:
    """Let this browser see the order for a while. The session gets a new name: nobody can have planted it before."""
    request.session.cycle_key()
    admitted = {number: until for number, until in _admitted(request).items() if datetime.fromisoformat(until) > at}
    request.session[_ADMITTED] = {**admitted, order.number: (at + STAY).isoformat()}


def leave(request: HttpRequest) -> None:
    """Forget every order, and every change that was not confirmed."""
    request.session.flush()


def order_for_customer(request: HttpRequest, number: str, *, at: datetime) -> Order | None:
    """The order, if this browser was let in and its time is not up."""
    until = _admitted(request).get(number)
    if until is None or datetime.fromisoformat(until) <= at:
        return None
    found = fetch_joined(_PARTS, _ORDER, {"number": number})
    if not found:
        return None
    ((order, order.channel, order.customer, order.shipping_address),) = found
    return order


def list_admitted(request: HttpRequest, *, at: datetime) -> list[str]:
    """The numbers of all orders that this browser was let in to, as long as its time is not up."""
    return [number for number, until in _admitted(request).items() if datetime.fromisoformat(until) > at]


def for_customer(view: View) -> View:
    """Gives the view its order. Without a right to see it the answer is the same whether or not it exists."""

    @wraps(view)
    def gated(request: HttpRequest, number: str, **words: Any) -> HttpResponse:
        if request.method == "POST" and is_too_fast(request):
            return show_too_fast(request)
        order = order_for_customer(request, number, at=timezone.now())
        if order is not None:
            if request.method == "POST":
                request.session.pop(_KEPT, None)
            return view(request, order, **words)
        if request.method == "POST":
            keep_form(request, number)
        context = {"number": number, "kept": request.method == "POST"}
        return show_page(request, "orders/portal/closed_door.html", context, status=404)

    return gated


def keep_form(request: HttpRequest, number: str) -> None:
    """What was typed survives the end of a session: it waits for its owner."""
    fields = [(name, value) for name in request.POST for value in request.POST.getlist(name)]
    fields = [(name, value) for name, value in fields if name != "csrfmiddlewaretoken"]
    if sum(len(name) + len(value) for name, value in fields) <= MOST_KEPT:
        request.session[_KEPT] = {"number": number, "path": request.path, "fields": fields}


def find_kept_form(request: HttpRequest, number: str) -> Mapping[str, Any] | None:
    """The form that waits for the owner of this order, until they send any."""
    kept = request.session.get(_KEPT)
    return kept if kept and kept["number"] == number else None


def _admitted(request: HttpRequest) -> dict[str, str]:
    return request.session.get(_ADMITTED, {})
