"""The page after a purchase: the order in short, until when it can be changed, and what would still fit in.

A shop sends its buyer here by a signed link of the order, made by `POST /orders/{number}/links`.
"""

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

from oms.portal.pages import is_htmx, show_page
from orders.models import Order
from orders.portal.access import for_customer
from orders.portal.items import list_items
from orders.wording.addresses import address_lines
from orders.wording.windows import show_window
from upsell.choices import Placement
from upsell.portal.panels import render_offers


@require_safe
@for_customer
def show_thanks(request: HttpRequest, order: Order) -> HttpResponse:
    at = timezone.now()
    items = list_items(order)
    holds = list(order.holds.order_by("id"))
    context = {
        "order": order,
        "items": items,
        "window": show_window(order, holds, {item.sku: item.title for item in items}, at=at),
        "address": address_lines(order.shipping_address),
        "offers": render_offers(request, order, Placement.CONFIRMATION),
    }
    part = "upsell/portal/thanks_body.html" if is_htmx(request) else "upsell/portal/thanks.html"
    return show_page(request, part, context, country=order.country)
