"""What the customer needs to send it: the label, the code, the slip; and the number of a carrier of their own."""

from dataclasses import dataclass
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import add_never_cache_headers
from django.utils.safestring import SafeString, mark_safe
from django.views.decorators.http import require_POST, require_safe

from oms.errors import NotFound, Refused
from oms.portal.pages import read_text, show_page, show_refusal
from orders.models import Label, Order
from orders.portal.access import for_customer
from returns.actions.announcing import LONGEST, announce_parcel
from returns.choices import Method
from returns.documents.codes import draw_svg, say_code
from returns.documents.labels import print_return_label
from returns.documents.slips import print_slip
from returns.models import Return, ReturnParcel
from returns.portal.gate import of_customer
from returns.portal.sayings import SAYINGS
from returns.wording.todo import list_todo
from returns.wording.words import name_way

LABELLED = (Method.PREPAID_LABEL, Method.QR_DROP_OFF)


@dataclass(frozen=True, slots=True)
class Sending:
    """`waits`: a label is on its way from the carrier; the page asks again by itself."""

    parcel: ReturnParcel | None
    has_label: bool
    waits: bool
    code: SafeString


def read_sending(return_: Return) -> Sending:
    parcel = return_.parcels.select_related("label").order_by("-id").first()
    bought = parcel is not None and parcel.label is not None and parcel.label.state == Label.State.BOUGHT
    coded = parcel is not None and return_.method in (Method.QR_DROP_OFF, Method.IN_STORE)
    shown = coded and (bought or return_.method == Method.IN_STORE)
    code = mark_safe(draw_svg(say_code(parcel))) if shown and parcel else SafeString("")  # noqa: S308 - our own drawing
    return Sending(parcel, bought, return_.method in LABELLED and not bought, code)


def describe_sending(order: Order, return_: Return) -> dict[str, Any]:
    return {
        "order": order,
        "return": return_,
        "sending": read_sending(return_),
        "todo": list_todo(return_),
        "way": name_way(return_.method),
    }


@require_safe
@for_customer
@of_customer
def show_sending(request: HttpRequest, order: Order, return_: Return) -> HttpResponse:
    """The part of the page that waits for a carrier; the script asks for it."""
    context = describe_sending(order, return_)
    return show_page(request, "returns/portal/send_back.html", context, country=order.country)


@require_safe
@for_customer
@of_customer
def give_label(request: HttpRequest, order: Order, return_: Return) -> HttpResponse:
    return _give(request, order, return_, lambda: print_return_label(return_.number, at=timezone.now()), "label")


@require_safe
@for_customer
@of_customer
def give_slip(request: HttpRequest, order: Order, return_: Return) -> HttpResponse:
    return _give(request, order, return_, lambda: print_slip(return_.number), "slip")


def _give(request: HttpRequest, order: Order, return_: Return, draw: Any, name: str) -> HttpResponse:
    if return_.status != Return.Status.OPEN:
        raise Http404
    try:
        content = draw()
    except NotFound:
        raise Http404 from None
    except Refused as refusal:
        back = reverse("returns:return", args=[order.number, return_.number])
        return show_refusal(request, refusal, SAYINGS, back=back, country=order.country)
    return answer_pdf(content, f"{return_.number}-{name}.pdf")


def answer_pdf(content: bytes, name: str) -> HttpResponse:
    response = HttpResponse(content, content_type="application/pdf")
    response["Content-Disposition"] = f'inline; filename="{name}"'
    add_never_cache_headers(response)
    return response


@require_POST
@for_customer
@of_customer
def tell_number(request: HttpRequest, order: Order, return_: Return) -> HttpResponse:
    """It was sent with a carrier of their own, under this number."""
    back = reverse("returns:return", args=[order.number, return_.number])
    try:
        announce_parcel(
            number=return_.number,
            carrier=read_text(request.POST, "carrier", most=120),
            tracking_number=read_text(request.POST, "tracking_number", most=LONGEST),
            by="customer",
            at=timezone.now(),
        )
    except Refused as refusal:
        return show_refusal(request, refusal, SAYINGS, back=back, country=order.country)
    return HttpResponseRedirect(back)
