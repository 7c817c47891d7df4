"""The one way through the API. An endpoint is a subclass of ApiView that parses, makes ONE action call and presents:

    class ReleaseView(ApiView):
        scopes = {"POST": Scope.ORDERS_WRITE}        # a method without a scope does not exist, unless `public`
        needs_key = True                             # it moves an order: Idempotency-Key is required

        @describe("End the edit window", takes=ReleaseBody, gives={200: OrderShape}, refuses={409: "order_still_held"})
        def post(self, call: ApiCall, number: str) -> Answer:
            body = call.read(ReleaseBody)            # 422 with pointers
            order = release_order(number=number, by=call.by, at=call.at)
            return Answer(present_order(order), version=order.version)

A write runs inside ONE transaction, which may be run again when it lost a race: do nothing in it that cannot be undone.
Whatever it raises (`oms.errors`) undoes it and becomes a problem; the answer is stored in the same transaction. Lists
use `oms.api.pagination`, query strings `call.ask(…)`, `If-Match` `oms.api.preconditions`; bodies are pydantic models
built from `oms.bodies`; `describe` (oms.api.schema) says the rest to the OpenAPI document. Addresses go to
`config/api_urls.py`.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any, ClassVar

from django.db import IntegrityError
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from rest_framework.views import APIView

from oms.api.authentication import authenticate_key
from oms.api.calls import ApiCall
from oms.api.idempotency import (
    STORED_REFUSALS,
    Attempt,
    Rendered,
    identify_attempt,
    read_label,
    recall_answer,
    remember_answer,
    remember_queried,
)
from oms.api.parsing import parse_document, read_raw
from oms.api.permissions import require_scope
from oms.api.problems import MEDIA_TYPE, Problem, answer_exception, problem_of
from oms.api.rendering import render_json
from oms.api.schema import FilePart
from oms.api.throttling import count_failure, count_request, describe_pace
from oms.api.uploads import read_upload
from oms.errors import NotFound, Refused
from oms.models import ApiKey
from oms.sql import JsonQuery, fetch_one
from oms.transactions import run_transaction

READS = ("GET", "HEAD")
_ACCEPTED = ("", "*/*", "application/json")


@dataclass(frozen=True, slots=True)
class Answer:
    """What a view says. `version` becomes the ETag that If-Match is compared with; no body is 204.

    `body`: what JSON can be made of, or a query that lets PostgreSQL write it, and tell its version.
    `refusal`: a no that was known before anything was written. Said like this instead of raised, it spares a rollback.
    `secret`: the body holds one, so it is stored encrypted.
    """

    body: Any = None
    status: int = 200
    location: str = ""
    version: int | None = None
    refusal: Refused | None = None
    secret: bool = False

    def render(self) -> Rendered:
        if self.refusal and (problem := problem_of(self.refusal)):
            return Rendered(problem.status, problem.render(), MEDIA_TYPE)
        if self.body is None:
            return Rendered(204, b"")
        if isinstance(self.body, JsonQuery):
            document, version = fetch_one(self.body.statement, self.body.parameters)
            return replace(self._frame(), body=document.encode(), version=version)
        body = render_json(self.body)
        return Rendered(self.status, body, location=self.location, version=self.version, secret=self.secret)

    def remember(self, attempt: Attempt) -> Rendered:
        """Rendered, and stored in the transaction of what it answers.

        Raises:
            Raced: another request with this label was answered first.
        """
        if isinstance(self.body, JsonQuery) and not self.refusal:
            return remember_queried(attempt, self._frame(), self.body)
        rendered = self.render()
        remember_answer(attempt, rendered)
        return rendered

    def _frame(self) -> Rendered:
        """All but the body."""
        return Rendered(self.status, b"", location=self.location)


class ApiView(APIView):
    """One address. Of REST framework it uses the schema; the way through is its own, for it is the hot path."""

    scopes: ClassVar[Mapping[str, str]] = {}
    needs_key: ClassVar[bool] = False
    """Writes must bear an Idempotency-Key: they move money, stock or an order."""
    public: ClassVar[bool] = False
    """Open to everybody: no key, no scope, no stored answers."""
    file: ClassVar[FilePart | None] = None
    """What writes take instead of a JSON object."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        self.headers: dict[str, str] = {}
        try:
            response = self._answer(request, kwargs)
        except Exception as error:
            response = answer_exception(error, request)
        for name, value in self.headers.items():
            response.headers.setdefault(name, value)
        response.headers["Content-Length"] = str(len(response.content))
        return response

    def options(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:  # type: ignore[override]
        response = HttpResponse(status=204, headers={"Allow": ", ".join(self.allowed_methods)})
        del response.headers["Content-Type"]
        return response

    def _answer(self, http: HttpRequest, kwargs: dict[str, Any]) -> HttpResponse:
        handler = self._find_handler(http)
        if http.method == "OPTIONS":
            return handler(http)
        _refuse_unacceptable(http)
        if "\x00" in http.path:
            raise NotFound("There is nothing here.")

        call = ApiCall(http, at=timezone.now(), bearer=None if self.public else self._admit(http))
        if http.method in READS:
            return handler(call, **kwargs).render().to_response()
        if self.file:
            call.upload = read_upload(http, name=self.file.name, most=self.file.most)
        else:
            call.document = parse_document(read_raw(http))
        return self._write(call, lambda: handler(call, **kwargs)).to_response()

    def _find_handler(self, http: HttpRequest) -> Callable[..., Any]:
        method = http.method or ""
        handler = getattr(self, method.lower(), None) if method.lower() in self.http_method_names else None
        if handler is None:
            allowed = ", ".join(self.allowed_methods)
            raise Problem(405, "method_not_allowed", f"Use one of: {allowed}.", headers={"Allow": allowed})
        return handler

    def _admit(self, http: HttpRequest) -> ApiKey:
        """The key: known, not too fast, and with the scope that this method needs."""
        try:
            key = authenticate_key(http)
        except Problem:
            count_failure(http)
            raise
        self.headers = describe_pace(count_request(key))
        require_scope(key, self.scopes["GET" if http.method == "HEAD" else http.method or ""])
        return key

    def _write(self, call: ApiCall, work: Callable[[], Answer]) -> Rendered:
        label = None if self.public else read_label(call.http)
        if label is None:
            if self.needs_key:
                raise Problem(400, "idempotency_key_missing", "This write must bear an Idempotency-Key.")
            return run_transaction(lambda: work().render(), durable=True)

        body = call.upload.print if call.upload else call.http.body
        attempt = identify_attempt(call.http, body, api_key=call.key.pk, label=label)
        return answer_once(attempt, work)


def answer_once(attempt: Attempt, work: Callable[[], Answer]) -> Rendered:
    """The stored answer, or the work with its answer stored in the same transaction.

    Whatever stops the work undoes it, so a refusal's answer is stored by a second transaction. That one looks again
    first: the same request, answered between our look and our lock, may be the very thing that stopped us (its row is
    there, its version has gone up), and then its answer is ours.
    """

    def answer() -> Rendered:
        if before := recall_answer(attempt):
            return before
        return work().remember(attempt)

    try:
        return run_transaction(answer, durable=True)
    except (Refused, IntegrityError) as error:
        problem = problem_of(error)
        refusal = None
        if problem and problem.status in STORED_REFUSALS:
            refusal = Rendered(problem.status, problem.render(), MEDIA_TYPE)

        def settle() -> Rendered | None:
            if before := recall_answer(attempt):
                return before
            if refusal:
                remember_answer(attempt, refusal)
            return refusal

        settled = run_transaction(settle, durable=True)
        if settled is None:
            raise
        return settled


class UnknownAddressView(ApiView):
    """Everything under /api/ that is nothing."""

    public = True
    schema = None

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return answer_exception(NotFound("There is nothing at this address."), request)


def _refuse_unacceptable(http: HttpRequest) -> None:
    if http.META.get("HTTP_ACCEPT", "") in _ACCEPTED:
        return
    if not (http.accepts("application/json") or http.accepts(MEDIA_TYPE)):
        raise Problem(406, "not_acceptable", "Answers are application/json; say so in Accept, or leave it out.")
