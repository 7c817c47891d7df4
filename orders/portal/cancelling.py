"""Cancelling the whole order: what it means first, then one click."""

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods

from oms.errors import Refused
from oms.portal.pages import show_page, show_refusal
from orders.actions.edits.editing import ask_to_cancel
from orders.models import Edit, Order
from orders.portal.access import for_customer
from orders.portal.drafts import drop_draft
from orders.portal.sayings import SAYINGS

REASONS = ("changed_mind", "too_slow", "by_mistake", "found_elsewhere", "other")


@require_http_methods(["GET", "HEAD", "POST"])
@for_customer
def cancel(request: HttpRequest, order: Order) -> HttpResponse:
    back = reverse("portal:order", args=[order.number])
    if order.status == Order.Status.CANCELLED:
        return HttpResponseRedirect(back)
    if request.method != "POST":
        owed_back = max(order.paid - order.refunded, 0)
        context = {"order": order, "reasons": _name_reasons(), "owed_back": owed_back}
        return show_page(request, "orders/portal/cancel.html", context, country=order.country)

    given, version = request.POST.get("reason", ""), request.POST.get("version", "")
    reason = f"customer: {given}" if given in REASONS else "customer"
    seen = int(version) if version.isascii() and version.isdigit() and len(version) < 10 else None
    try:
        ask_to_cancel(
            number=order.number,
            reason=reason,
            version=seen,
            actor=Edit.Actor.CUSTOMER,
            by="customer",
            at=timezone.now(),
        )
    except Refused as refusal:
        return show_refusal(request, refusal, SAYINGS, back=back, country=order.country)
    drop_draft(request, order)
    return HttpResponseRedirect(back)


def _name_reasons() -> list[tuple[str, str]]:
    names = {
        "changed_mind": gettext("I changed my mind"),
        "too_slow": gettext("It takes too long"),
        "by_mistake": gettext("I ordered by mistake"),
        "found_elsewhere": gettext("I found it elsewhere"),
        "other": gettext("Something else"),
    }
    return [(code, names[code]) for code in REASONS]
