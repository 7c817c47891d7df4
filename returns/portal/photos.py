"""Pictures on their way in and out: one at a time for the script, and shown to nobody but their owner."""

from uuid import UUID

from django.core.files.uploadedfile import UploadedFile
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import add_never_cache_headers
from django.views.decorators.http import require_POST, require_safe

from oms.errors import Refused
from oms.portal.pages import say_refusal, show_page, show_refusal
from orders.models import Order
from orders.portal.access import for_customer
from returns.actions.photographing import keep_photo, name_draft, send_photo
from returns.models import Return, ReturnPhoto
from returns.policies.photos import MOST_BYTES, shrink
from returns.portal.drafts import list_photos
from returns.portal.gate import of_customer
from returns.portal.sayings import SAYINGS

SHOWN_SIDE = 480


@require_POST
@for_customer
def take_photo(request: HttpRequest, order: Order, line: int) -> HttpResponse:
    """Keeps the picture and answers with the line's list of them, as the page shows it."""
    if not order.lines.filter(pk=line).exists():
        raise Http404
    error, status = "", 200
    for upload in request.FILES.getlist("photo"):
        try:
            draft = name_draft(order.number, line)
            keep_photo(content=read_upload(upload), draft=draft, by="customer", at=timezone.now())
        except Refused as refusal:
            error, status = say_refusal(refusal, SAYINGS), refusal.status
    context = {"order": order, "line": line, "photos": list_photos(order).get(line, ()), "photo_error": error}
    return show_page(request, "returns/portal/photo_list.html", context, country=order.country, status=status)


@require_POST
@for_customer
@of_customer
def send_photos(request: HttpRequest, order: Order, found: Return) -> HttpResponse:
    """Of a return that there is: what staff have asked to see, or what says more than words."""
    back = reverse("returns:return", args=[order.number, found.number])
    for upload in request.FILES.getlist("photo"):
        try:
            send_photo(number=found.number, content=read_upload(upload), by="customer", at=timezone.now())
        except Refused as refusal:
            return show_refusal(request, refusal, SAYINGS, back=back, country=order.country)
    return HttpResponseRedirect(back)


def read_upload(upload: UploadedFile) -> bytes:
    """No more of it than can be a picture, and one byte, by which it shows that it is none."""
    return upload.read(MOST_BYTES + 1)


@require_safe
@for_customer
def show_draft_photo(request: HttpRequest, order: Order, key: UUID) -> HttpResponse:
    photo = ReturnPhoto.objects.filter(key=key, of=None, draft__startswith=name_draft(order.number)).first()
    return answer_photo(photo)


@require_safe
@for_customer
def show_return_photo(request: HttpRequest, order: Order, rma: str, key: UUID) -> HttpResponse:
    """The customer's own; what the warehouse photographed is for staff."""
    photo = ReturnPhoto.objects.filter(key=key, of__number=rma, of__order=order, by="customer").first()
    return answer_photo(photo)


def answer_photo(photo: ReturnPhoto | None) -> HttpResponse:
    """A small one, that a page may show and that nobody's browser opens as a page of ours."""
    if photo is None:
        raise Http404
    response = HttpResponse(shrink(bytes(photo.content), side=SHOWN_SIDE), content_type="image/jpeg")
    response["Content-Disposition"] = f'attachment; filename="photo-{photo.pk}.jpg"'
    response["Content-Security-Policy"] = "sandbox; default-src 'none'"
    response["X-Content-Type-Options"] = "nosniff"
    response["Cross-Origin-Resource-Policy"] = "same-origin"
    add_never_cache_headers(response)
    return response
