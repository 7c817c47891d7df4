"""No more mail about offers: by one click of a mail program (RFC 8058), or on the page behind the link.

Looking at the link changes nothing: scanners and previews follow links, and press no buttons.
"""

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from oms.portal.pages import is_too_fast, show_page, show_too_fast
from upsell.actions.opting_out import opt_in_again, opt_out
from upsell.models import OptOut
from upsell.queries.unsubscribe_links import find_reader

BY = "customer"


@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
def unsubscribe(request: HttpRequest, token: str) -> HttpResponse:
    """The token alone says who asks: mail programs send neither cookies nor a form of ours."""
    email = find_reader(token)
    if request.method == "POST" and request.POST.get("List-Unsubscribe") == "One-Click":
        return _unsubscribe_at_once(email)
    if email is None:
        return show_page(request, "upsell/portal/unsubscribe_unknown.html", {}, status=404)
    if request.method != "POST":
        return _ask(request, email)
    if is_too_fast(request):
        return show_too_fast(request)
    if request.POST.get("wish") == "resume":
        opt_in_again(email=email, by=BY, at=timezone.now())
    else:
        opt_out(email=email, through="page", by=BY, at=timezone.now())
    return HttpResponseRedirect(request.path)


def _unsubscribe_at_once(email: str | None) -> HttpResponse:
    """What a mail program is told is read by nobody; it must be no redirect (RFC 8058, 3.1)."""
    if email is None:
        return HttpResponse("unknown", status=404, content_type="text/plain")
    opt_out(email=email, through="one_click", by=BY, at=timezone.now())
    return HttpResponse("unsubscribed", content_type="text/plain")


def _ask(request: HttpRequest, email: str) -> HttpResponse:
    context = {"email": _veil(email), "unsubscribed": OptOut.objects.filter(email=email).exists()}
    return show_page(request, "upsell/portal/unsubscribe.html", context)


def _veil(email: str) -> str:
    """a…@example.com: its owner knows it, and whom the mail was passed on to need not."""
    name, _, domain = email.partition("@")
    return f"{name[:1]}…@{domain}"
