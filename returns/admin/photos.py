"""Photos on staff's pages: shown to whoever sees the return, and never run."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse

from returns.absences import PhotoNotFound
from returns.admin.seen import return_for_page
from returns.models import ReturnPhoto

_GUARD = {
    "Content-Disposition": "attachment",
    "Content-Security-Policy": "default-src 'none'; sandbox",
    "X-Content-Type-Options": "nosniff",
    "Cache-Control": "private, max-age=3600",
}


def show_photo(request: HttpRequest, number: str, key: UUID) -> HttpResponse:
    """One picture, as an attachment: the page draws it, and nobody opens it as a page of its own."""
    found = return_for_page(request, number)
    photo = ReturnPhoto.objects.filter(of=found, key=key).first()
    if photo is None:
        return HttpResponse(PhotoNotFound().message, status=404, content_type="text/plain")
    return HttpResponse(bytes(photo.content), content_type="image/jpeg", headers=_GUARD)
