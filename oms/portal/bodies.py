"""How large a form may be: refused by what its sender announces, before anything of it is read or written to disk."""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from oms.portal.pages import show_page

Answer = Callable[[HttpRequest], HttpResponse]


class LimitBodies:
    """413 for forms of more than PORTAL_UPLOAD_MAX_SIZE bytes. It stands before whatever parses them, CSRF above all.

    A body without a length is taken for none by WSGI, so nothing gets past. Staff may import larger files.
    """

    def __init__(self, answer: Answer) -> None:
        self.answer = answer

    def __call__(self, request: HttpRequest) -> HttpResponse:
        length = request.META.get("CONTENT_LENGTH") or "0"
        fits = length.isdigit() and int(length) <= settings.PORTAL_UPLOAD_MAX_SIZE
        if fits or request.path.startswith("/admin/"):
            return self.answer(request)
        return show_page(request, "oms/portal/too_large.html", {}, status=413)
