"""What the choices of the second step come to together. It is asked for while they are made, and keeps nothing."""

from collections.abc import Mapping, Sequence

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_POST

from oms.errors import Refused
from oms.portal.pages import read_text, show_page
from orders.models import Order
from orders.portal.access import for_customer
from returns.portal.drafts import ReturnDraft, make_wish, read_draft
from returns.portal.wanted import LONGEST_SKU
from returns.queries.quoting import quote_return
from returns.wording.sums import Sum, describe_sums


@require_POST
@for_customer
def show_tally(request: HttpRequest, order: Order) -> HttpResponse:
    draft = read_draft(request, order)
    for line, item in draft.items.items():
        item.exchange_sku = read_text(request.POST, f"sku-{line}", most=LONGEST_SKU)
    chosen = {line: read_text(request.POST, f"resolution-{line}", most=20) for line in draft.items}
    context = {"order": order, "sums": tally(order, draft, chosen)}
    return show_page(request, "returns/portal/tally.html", context, country=order.country)


def tally(order: Order, draft: ReturnDraft, chosen: Mapping[int, str]) -> Sequence[Sum]:
    """The sums of the draft with these resolutions, by line; none as long as something of them is missing."""
    for line, item in draft.items.items():
        item.resolution = chosen.get(line, "")
    if not draft.items or not all(item.resolution for item in draft.items.values()):
        return ()
    wish = make_wish(order, draft)
    try:
        quote = quote_return(order, wish, at=timezone.now())
    except Refused:
        return ()
    return describe_sums(quote.totals, [item.resolution for item in wish.items])
