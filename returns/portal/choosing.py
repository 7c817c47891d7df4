"""The first step of a return or a claim: which goods, how many of them, why, and pictures of them."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods

from oms.errors import Refused
from oms.portal.pages import say_refusal, show_page
from orders.models import Order
from orders.portal.access import for_customer
from returns.actions.photographing import drop_photo, keep_photo, name_draft
from returns.models import Return
from returns.portal.drafts import list_photos, read_draft_of, write_draft
from returns.portal.photos import read_upload
from returns.portal.picks import Pick, Staying, find_faults, list_claims, list_picks, read_typed
from returns.portal.sayings import SAYINGS

BY = "customer"


@require_http_methods(["GET", "HEAD", "POST"])
@for_customer
def choose_items(request: HttpRequest, order: Order) -> HttpResponse:
    picks, staying = list_picks(request, order)
    if request.method != "POST":
        return _ask(request, order, picks, staying)

    fine = _read(request, order, picks, Return.Kind.RETURN)
    if "drop" in request.POST:
        return _ask(request, order, *list_picks(request, order))
    if not any(pick.typed for pick in picks):
        return _ask(request, order, picks, staying, error=gettext("Choose what you want to send back."))
    return _go_on(order) if fine else _ask(request, order, picks, staying)


@require_http_methods(["GET", "HEAD", "POST"])
@for_customer
def report_faults(request: HttpRequest, order: Order) -> HttpResponse:
    """What is faulty is answered for long after it could simply come back: a claim, at which a person looks."""
    picks = list_claims(request, order)
    if not picks:
        return HttpResponseRedirect(reverse("returns:items", args=[order.number]))
    if request.method != "POST":
        return _ask(request, order, picks, claim=True)

    fine = _read(request, order, picks, Return.Kind.CLAIM)
    if "drop" in request.POST:
        return _ask(request, order, list_claims(request, order), claim=True)
    if not any(pick.typed for pick in picks):
        return _ask(request, order, picks, claim=True, error=gettext("Choose what is faulty."))
    return _go_on(order) if fine else _ask(request, order, picks, claim=True)


def _go_on(order: Order) -> HttpResponse:
    return HttpResponseRedirect(reverse("returns:resolution", args=[order.number]))


def _read(request: HttpRequest, order: Order, picks: Sequence[Pick], kind: str) -> bool:
    """What was sent, onto the picks and into the draft; True when nothing of it is wrong."""
    read_typed(request, picks)
    find_faults(picks, request.FILES)
    _keep_photos(request, order, picks)
    _write(request, order, picks, kind)
    if "drop" in request.POST:
        _drop_photo(request, order)
    return not any(pick.errors for pick in picks)


def _ask(
    request: HttpRequest,
    order: Order,
    picks: Sequence[Pick],
    staying: Sequence[Staying] = (),
    *,
    claim: bool = False,
    error: str = "",
) -> HttpResponse:
    wrong = bool(error) or any(pick.errors for pick in picks)
    context: dict[str, Any] = {
        "order": order,
        "picks": picks,
        "staying": staying,
        "error": error,
        "claim": claim,
        "has_errors": wrong,
        "step": 1,
    }
    return show_page(request, "returns/portal/items.html", context, country=order.country, status=422 if wrong else 200)


def _write(request: HttpRequest, order: Order, picks: Sequence[Pick], kind: str) -> None:
    draft = read_draft_of(request, order, kind)
    draft.items = {pick.item.id: pick.typed for pick in picks if pick.typed and not pick.errors.get("quantity")}
    write_draft(request, order, draft)


def _keep_photos(request: HttpRequest, order: Order, picks: Sequence[Pick]) -> None:
    """Those that came with the form itself: a browser without scripts sends them so."""
    sent = False
    for pick in picks:
        for upload in request.FILES.getlist(f"photos-{pick.item.id}"):
            sent = True
            draft = name_draft(order.number, pick.item.id)
            try:
                keep_photo(content=read_upload(upload), draft=draft, by=BY, at=timezone.now())
            except Refused as refusal:
                pick.errors["photo"] = say_refusal(refusal, SAYINGS)
    if sent:
        kept = list_photos(order)
        for pick in picks:
            pick.photos = kept.get(pick.item.id, ())


def _drop_photo(request: HttpRequest, order: Order) -> None:
    """The button beside a picture: its key and its line."""
    key, _, line = request.POST["drop"].partition(":")
    try:
        drop_photo(key=UUID(key), draft=name_draft(order.number, int(line)))
    except (ValueError, Refused):
        return  # it is gone already
