"""Every code that a problem may bear, and what it means. Refusals of actions say it in their docstrings."""

import inspect
from collections.abc import Iterator
from dataclasses import dataclass

from oms.errors import Refused


@dataclass(frozen=True, slots=True)
class CodeMeaning:
    status: int
    title: str
    meaning: str


_OF_THE_API: dict[str, tuple[int, str]] = {
    "body_incomplete": (400, "The connection ended before the whole body had arrived. Send it again."),
    "body_missing": (400, "This address needs a body, and none came."),
    "body_not_an_object": (422, "The body is JSON, but not an object in braces."),
    "body_too_large": (413, "The body is larger than five megabytes. Send it in smaller batches."),
    "busy": (503, "Too many requests changed the same thing at once. Nothing was changed by this one; try again."),
    "cursor_invalid": (400, "The cursor was not made by this list. Begin again without one."),
    "forbidden": (403, "You may not do this."),
    "idempotency_in_progress": (409, "The first request with this Idempotency-Key is still running. Ask again soon."),
    "idempotency_key_malformed": (400, "Send a quoted string or a bare token of visible ASCII, up to 255 characters."),
    "idempotency_key_missing": (400, "A write that moves money, stock or an order must bear an Idempotency-Key."),
    "idempotency_key_reused": (422, "The Idempotency-Key was used for another request. Use a new one for each write."),
    "if_match_malformed": (400, "If-Match takes the version that you have read, in quotes."),
    "internal_error": (500, "Something broke on our side. It was recorded under the id in the answer."),
    "json_broken": (400, "The body is not JSON (RFC 8259). The answer says at which line and column."),
    "key_invalid": (401, "The API key is unknown, revoked or expired."),
    "key_missing": (401, "The request bears no API key. Send it as Authorization: Bearer oms_…"),
    "media_type_unsupported": (415, "Bodies are JSON. Send Content-Type: application/json."),
    "method_not_allowed": (405, "This address does not know the method. The header Allow lists those it knows."),
    "not_acceptable": (406, "Answers are JSON, and the request's Accept does not allow that."),
    "nul_character": (422, "Text must not contain the character NUL."),
    "query_invalid": (400, "A parameter of the query string is unknown, repeated or wrong; `errors` says which."),
    "request_malformed": (400, "The request is malformed."),
    "scope_missing": (403, "The API key lacks the scope that the answer names."),
    "signature_invalid": (401, "The message does not bear the signature of the channel that it says it comes from."),
    "too_many_requests": (429, "Too many requests in a minute. Retry-After says how many seconds to wait."),
    "unavailable": (503, "We cannot work right now, most likely because the database restarts. Try again."),
}


def describe_codes() -> dict[str, CodeMeaning]:
    """All codes in alphabetical order."""
    meanings = {code: CodeMeaning(status, _title(code), text) for code, (status, text) in _OF_THE_API.items()}
    for refusal in _refusals(Refused):
        meanings[refusal.code] = CodeMeaning(refusal.status, _title(refusal.code), inspect.getdoc(refusal) or "")
    return dict(sorted(meanings.items()))


def _refusals(cls: type[Refused]) -> Iterator[type[Refused]]:
    for subclass in cls.__subclasses__():
        yield subclass
        yield from _refusals(subclass)


def _title(code: str) -> str:
    return code.replace("_", " ").capitalize()
