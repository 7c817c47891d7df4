"""The second step: for each item money back, store credit, an exchange or the same again, amounts side by side."""

from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from oms.errors import Refused
from oms.portal.pages import show_page, show_refusal
from orders.models import Order
from orders.portal.access import for_customer
from returns.portal.advising import list_hints
from returns.portal.drafts import drop_draft, make_wish, read_draft, write_draft
from returns.portal.sayings import SAYINGS
from returns.portal.tallying import tally
from returns.portal.wanted import list_wanted, read_choices
from returns.queries.quoting import quote_return


@require_http_methods(["GET", "HEAD", "POST"])
@for_customer
def choose_resolutions(request: HttpRequest, order: Order) -> HttpResponse:
    draft = read_draft(request, order)
    if not draft.items:
        return HttpResponseRedirect(reverse("returns:items", args=[order.number]))
    try:
        quote = quote_return(order, make_wish(order, draft, open_choice=True), at=timezone.now())
    except Refused as refusal:  # the goods are in another return by now, or too late
        drop_draft(request, order)
        back = reverse(draft.first_page, args=[order.number])
        return show_refusal(request, refusal, SAYINGS, back=back, country=order.country)

    wanted = list_wanted(order, draft, quote)
    if request.method == "POST" and read_choices(request, wanted):
        write_draft(request, order, draft)
        return HttpResponseRedirect(reverse("returns:method", args=[order.number]))
    status = 422 if request.method == "POST" else 200
    context: dict[str, Any] = {
        "order": order,
        "claim": draft.is_claim,
        "wanted": wanted,
        "hints": list_hints(order, draft, wanted, at=timezone.now()) if status == 200 else [],
        "has_errors": status == 422,
        "sums": tally(order, draft, {each.item.id: each.chosen for each in wanted}),
        "step": 2,
    }
    return show_page(request, "returns/portal/resolution.html", context, country=order.country, status=status)
