"""Pages that are nobody's in particular: alive, able to work, what a problem means, and the last resort."""

import sys
from typing import Any

from django.db import InterfaceError, OperationalError
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils import timezone
from django.views import defaults
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from oms.api.problem_codes import describe_codes
from oms.api.problems import Problem, report_crash
from oms.queries.readiness import check_readiness

_COME_AGAIN = """
<!doctype html><html lang="en"><title>Not able to work right now</title>
<h1>Not able to work right now</h1><p>Nothing was done. Try again in a moment.</p></html>
"""


@require_safe
@never_cache
def show_alive(request: HttpRequest) -> HttpResponse:
    """The process answers; nothing else is asked."""
    return JsonResponse({"status": "ok"})


@require_safe
@never_cache
def show_ready(request: HttpRequest) -> HttpResponse:
    """200 when requests may come, 503 when not; says which part does not work."""
    checks = check_readiness(at=timezone.now())
    ready = all(check.works for check in checks)
    body = {
        "status": "ok" if ready else "unavailable",
        "checks": [{"name": c.name, "status": "ok" if c.works else "failed", "detail": c.detail} for c in checks],
    }
    return JsonResponse(body, status=200 if ready else 503)


@require_safe
def show_problem(request: HttpRequest, code: str = "") -> HttpResponse:
    """What a code means, for the person who opened the `type` of a problem; without a code: all of them."""
    codes = describe_codes()
    if code and code not in codes:
        raise Http404
    shown = {code: codes[code]} if code else codes
    return render(request, "oms/problems.html", {"problems": shown, "alone": bool(code)})


def answer_bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """What the framework refuses before any view (a foreign host name): a problem for clients, a page for people."""
    if _is_api(request):
        return Problem(400, "request_malformed", "The request is malformed.").to_response()
    return defaults.bad_request(request, exception)


def answer_crash(request: HttpRequest, *args: Any) -> HttpResponse:
    """The same for what breaks outside a view, and on pages; a database that cannot work now is no crash of ours."""
    error = sys.exc_info()[1]
    if _is_api(request):
        return report_crash(request).to_response()
    if isinstance(error, OperationalError | InterfaceError):
        return HttpResponse(_COME_AGAIN, status=503, headers={"Retry-After": "5"})
    return defaults.server_error(request)


def _is_api(request: HttpRequest) -> bool:
    return request.path.startswith("/api/")
