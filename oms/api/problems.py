"""Errors as every client reads them: RFC 9457, `application/problem+json`.

`type` is a relative address, `/problems/<code>`, that a person can open (`oms/views.py`). `code` is stable; `errors`
point at the wrong places by JSON pointers (RFC 6901). What an action refused with (its facts) stands beside them.
"""

import logging
import secrets
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.core.exceptions import PermissionDenied, SuspiciousOperation
from django.core.signals import got_request_exception
from django.db import InterfaceError, OperationalError
from django.http import Http404, HttpRequest, HttpResponse
from rest_framework import exceptions

from oms.api.rendering import render_json
from oms.errors import FieldError, Invalid, Raced, Refused

log = logging.getLogger(__name__)

MEDIA_TYPE = "application/problem+json"

_OWN_MEMBERS = {"type", "title", "status", "detail", "code", "errors"}


class Problem(Exception):
    """An answer other than the one hoped for, raised by the API itself. `facts` become members of the body."""

    def __init__(
        self,
        status: int,
        code: str,
        detail: str,
        *,
        errors: Sequence[FieldError] = (),
        facts: Mapping[str, Any] | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(detail)
        self.status = status
        self.code = code
        self.detail = detail
        self.errors = errors
        self.facts = facts or {}
        self.headers = headers or {}

    def render(self) -> bytes:
        body: dict[str, Any] = {
            "type": f"/problems/{self.code}",
            "title": self.code.replace("_", " ").capitalize(),
            "status": self.status,
            "detail": self.detail,
            "code": self.code,
        }
        if self.errors:
            body["errors"] = describe_errors(self.errors)
        return render_json(body | {name: fact for name, fact in self.facts.items() if name not in _OWN_MEMBERS})

    def to_response(self) -> HttpResponse:
        response = HttpResponse(self.render(), status=self.status, content_type=MEDIA_TYPE, headers=self.headers)
        response._has_been_logged = True  # type: ignore[attr-defined]  # a refusal is an answer, not a line of the log
        return response


def describe_errors(errors: Iterable[FieldError]) -> list[dict[str, str]]:
    """The `errors` member; a batch answer uses it for each of its members too."""
    return [{"pointer": error.pointer, "code": error.code, "detail": error.detail} for error in errors]


def answer_exception(error: Exception, http: HttpRequest) -> HttpResponse:
    """The answer to whatever went wrong; what nobody foresaw is logged under an id that the client can quote."""
    problem = problem_of(error)
    if problem is None:
        got_request_exception.send(sender=None, request=http)  # as Django does: error monitors listen
        problem = report_crash(http, error)
    return problem.to_response()


def answer_problem(error: Exception, context: Mapping[str, Any]) -> HttpResponse:
    """The same for plain REST framework views (its EXCEPTION_HANDLER)."""
    return answer_exception(error, context["request"])


def problem_of(error: Exception) -> Problem | None:
    """Every kind of error that we foresee, in the client's words."""
    match error:
        case Problem():
            return error
        case Refused():
            errors = error.errors if isinstance(error, Invalid) else ()
            headers = {"Retry-After": str(error.facts["retry_after"])} if "retry_after" in error.facts else {}
            return Problem(error.status, error.code, error.message, errors=errors, facts=error.facts, headers=headers)
        case exceptions.APIException():
            return _problem_of_framework(error)
        case Http404():
            return Problem(404, "not_found", "There is nothing here.")
        case PermissionDenied():
            return Problem(403, "forbidden", "This is not for you.")
        case SuspiciousOperation():
            return Problem(400, "request_malformed", "The request is malformed.")
        case Raced():
            return Problem(503, "busy", "Too many at once; try again.", headers={"Retry-After": "1"})
        case OperationalError() | InterfaceError():
            log.error("The database did not answer.", exc_info=error)
            return Problem(503, "unavailable", "Not able to work right now; try again.", headers={"Retry-After": "5"})
    return None


def _problem_of_framework(error: exceptions.APIException) -> Problem:
    headers = {"Retry-After": "60"} if isinstance(error, exceptions.Throttled) else {}
    code = str(error.default_code)
    detail = str(error.detail) if isinstance(error.detail, str) else str(error.default_detail)
    return Problem(error.status_code, code, detail, headers=headers)


def report_crash(http: HttpRequest, error: BaseException | None = None) -> Problem:
    """What nobody foresaw: logged whole, and answered with nothing but the id under which it stands in the log."""
    name = secrets.token_hex(8)
    log.error("Error %s at %s %s", name, http.method, http.path, exc_info=error)
    return Problem(500, "internal_error", "Something broke on our side; quote the id to us.", facts={"id": name})
