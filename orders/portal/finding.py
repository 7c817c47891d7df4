"""Finding an order: number and e-mail, a code by mail, or the link of a mail."""

import re
from uuid import UUID

from django.core.signing import BadSignature, Signer
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from oms.api.throttling import address_of
from oms.errors import Refused
from oms.panels import render_panels
from oms.portal.pages import is_too_fast, read_text, say_refusal, show_page, show_too_fast
from orders.actions.admitting import CODE_LASTS, admit_customer, ask_code
from orders.errors import CodeWrong
from orders.models import Order
from orders.portal.access import (
    admit,
    find_kept_form,
    for_customer,
    leave,
    order_for_customer,
)
from orders.portal.sayings import SAYINGS
from orders.queries.portal_links import PLACES, find_linked_order

LONGEST = {"number": 60, "email": 254}

_PLACES = re.compile(PLACES, re.ASCII)

_SIGNER = Signer(salt="orders.portal.asked")
"""Number and e-mail travel signed from page to page, so that a new code can be asked for without typing them again."""


@require_http_methods(["GET", "HEAD", "POST"])
def find_order(request: HttpRequest) -> HttpResponse:
    """Asks for number and e-mail. The answer is the same whether or not they fit an order."""
    if request.method != "POST":
        return _ask(request, {"number": read_text(request.GET, "number", most=LONGEST["number"])})
    if is_too_fast(request):
        return show_too_fast(request)
    typed = {name: read_text(request.POST, name, most=most) for name, most in LONGEST.items()}
    if "again" in request.POST:
        typed = _read_asked(request.POST["again"]) or typed
    if errors := _find_gaps(typed):
        return _ask(request, typed, errors=errors, status=422)

    try:
        code = ask_code(**typed, address=address_of(request), by="customer", at=timezone.now())
    except Refused as refusal:
        return _ask(request, typed, refused=say_refusal(refusal, SAYINGS), status=refusal.status)
    request.session["asked"] = _SIGNER.sign_object(typed)
    return HttpResponseRedirect(reverse("portal:code", args=[code.handle]))


@require_http_methods(["GET", "HEAD", "POST"])
def enter_code(request: HttpRequest, handle: UUID) -> HttpResponse:
    if request.method != "POST":
        return _ask_for_digits(request)
    if is_too_fast(request):
        return show_too_fast(request)
    try:
        order = admit_customer(handle=handle, code=request.POST.get("code", ""), by="customer", at=timezone.now())
    except Refused as refusal:
        sentence = say_refusal(refusal, SAYINGS)
        return _ask_for_digits(request, error=sentence, ended=not isinstance(refusal, CodeWrong), status=refusal.status)
    return _let_in(request, order)


@require_safe
def open_link(request: HttpRequest, token: str) -> HttpResponse:
    """The link of a mail. It is taken out of the address at once, so that it stays in no history and no referrer."""
    order = find_linked_order(token)
    if order is None:
        sentence = gettext("This link is too old or not complete. You can open your order with a code instead.")
        return _ask(request, {}, refused=sentence, status=404)
    if order_for_customer(request, order.number, at=timezone.now()):
        return HttpResponseRedirect(_below(order, request.GET.get("to", "")))
    return _let_in(request, order, to=request.GET.get("to", ""))


@require_POST
def close_session(request: HttpRequest) -> HttpResponse:
    leave(request)
    return show_page(request, "orders/portal/left.html", {})


@require_safe
@for_customer
def go_on(request: HttpRequest, order: Order) -> HttpResponse:
    """Who was away too long is given back what they had typed."""
    kept = find_kept_form(request, order.number)
    if kept is None:
        return HttpResponseRedirect(reverse("portal:order", args=[order.number]))
    context = {"order": order, "path": kept["path"], "fields": kept["fields"]}
    return show_page(request, "orders/portal/welcome_back.html", context)


def _let_in(request: HttpRequest, order: Order, *, to: str = "") -> HttpResponse:
    admit(request, order, at=timezone.now())
    if find_kept_form(request, order.number):
        return HttpResponseRedirect(reverse("portal:go_on", args=[order.number]))
    return HttpResponseRedirect(_below(order, to))


def _below(order: Order, to: str) -> str:
    """A page of the order: nobody's link leads anywhere else."""
    home = reverse("portal:order", args=[order.number])
    return f"{home}{to}" if _PLACES.fullmatch(to) else home


def _ask(
    request: HttpRequest,
    typed: dict[str, str],
    *,
    errors: dict[str, str] | None = None,
    refused: str = "",
    status: int = 200,
) -> HttpResponse:
    panels = render_panels("portal_find", request)
    context = {"typed": typed, "errors": errors or {}, "refused": refused, "panels": panels}
    return show_page(request, "orders/portal/find.html", context, status=status)


def _ask_for_digits(request: HttpRequest, *, error: str = "", ended: bool = False, status: int = 200) -> HttpResponse:
    asked = request.session.get("asked", "")
    context = {
        "error": error,
        "ended": ended,
        "again": asked,
        "email": _read_asked(asked).get("email", ""),
        "minutes": int(CODE_LASTS.total_seconds() // 60),
    }
    return show_page(request, "orders/portal/code.html", context, status=status)


def _find_gaps(typed: dict[str, str]) -> dict[str, str]:
    gaps = {}
    if not typed["number"]:
        gaps["number"] = gettext("Type the number of your order, for example 1001.")
    if "@" not in typed["email"].strip("@"):
        gaps["email"] = gettext("Type the e-mail address that you ordered with, for example name@example.com.")
    return gaps


def _read_asked(signed: str) -> dict[str, str]:
    try:
        return _SIGNER.unsign_object(signed)
    except BadSignature:
        return {}
