"""The sandbox gateway's own page: what Stripe's page is elsewhere. It says so, and moves no money.

It stands for another company's page, so it knows nothing of the order but what it was told, and has its own signature.
"""

from urllib.parse import urlsplit

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from oms.portal.pages import is_too_fast, show_page, show_too_fast
from orders.actions.money.sandboxing import answer_page, find_charge
from orders.errors import SandboxPageOver
from orders.payments.sandbox import Charge


@require_http_methods(["GET", "HEAD", "POST"])
def pay_page(request: HttpRequest, token: str) -> HttpResponse:
    charge = find_charge(token)
    if charge is None:
        raise Http404("There is no such page.")
    if request.method != "POST":
        return _show(request, charge)
    if is_too_fast(request):
        return show_too_fast(request)
    try:
        charge = answer_page(reference=charge.reference, paid=request.POST.get("answer") == "pay", at=timezone.now())
    except SandboxPageOver:
        return _show(request, charge, status=409)
    return HttpResponseRedirect(_way_back(charge)) if charge.state == "PAID" else _show(request, charge)


def _show(request: HttpRequest, charge: Charge, *, status: int = 200) -> HttpResponse:
    over = charge.state == "EXPIRED" or (charge.expires_at is not None and charge.expires_at <= timezone.now())
    context = {"charge": charge, "over": over and charge.state != "PAID", "back": _way_back(charge)}
    return show_page(request, "orders/portal/sandbox_gateway.html", context, status=status)


def _way_back(charge: Charge) -> str:
    """On this host, by whatever name the browser knows it."""
    return urlsplit(charge.return_url).path or "/"
