"""Asking twice does it once (IETF draft-ietf-httpapi-idempotency-key-header-07).

The answer is stored in the transaction of the write itself: both are there or neither is. Stored are successes and the
refusals that repeat for good reason (409, 422); a 404 is not, for the thing may come to be.
"""

import hashlib
import re
from dataclasses import dataclass, replace
from functools import cache

from django.http import HttpRequest, HttpResponse

from oms.api.problems import Problem
from oms.encryption import seal, unseal
from oms.errors import Raced
from oms.sql import JsonQuery, fetch_all, fetch_one

STORED_REFUSALS = (409, 422)
SEALED = "application/json; sealed"
"""The content type of a stored answer that is encrypted."""

_BARE = re.compile(r"(?!')[!#-+\--\[\]-~]{1,255}")  # visible ASCII without double quote, comma and backslash
_STRING = re.compile(r'"((?:[ !#-\[\]-~]|\\["\\])*)"')  # RFC 9651, section 4.2.5
_PARAMETERS = re.compile(
    r'(?:; *[a-z*][a-z0-9_.*-]*(?:=(?:"(?:[ !#-\[\]-~]|\\["\\])*"|-?[0-9.]+|\?[01]|:[A-Za-z0-9+/=]*:'
    r"|[A-Za-z*][!#$%&'*+.^_`|~:/0-9A-Za-z-]*))?)*"
)


@dataclass(frozen=True, slots=True)
class Attempt:
    """One write of one API key under one idempotency key. `fingerprint`: SHA-256 of method, path, query and body."""

    api_key: int
    label: str
    fingerprint: bytes

    @property
    def lock(self) -> int:
        """The advisory lock's number: 64 bits of a hash, so that two labels share one practically never."""
        digest = hashlib.sha256(f"{self.api_key}:{self.label}".encode()).digest()
        return int.from_bytes(digest[:8], signed=True)


@dataclass(frozen=True, slots=True)
class Rendered:
    """An answer as bytes, ready to be sent or stored; one that holds a secret is stored encrypted."""

    status: int
    body: bytes
    content_type: str = "application/json"
    location: str = ""
    version: int | None = None
    replayed: bool = False
    secret: bool = False

    def to_response(self) -> HttpResponse:
        response = HttpResponse(self.body, status=self.status, content_type=self.content_type)
        if self.location:
            response.headers["Location"] = self.location
        if self.version is not None:
            response.headers["ETag"] = f'"{self.version}"'
        if self.replayed:
            response.headers["Idempotent-Replayed"] = "true"
        if self.status == 204:
            del response.headers["Content-Type"]
        return response


def read_label(http: HttpRequest) -> str | None:
    """The Idempotency-Key: a structured field string (RFC 9651), or bare as most clients send it.

    Raises:
        Problem: 400 `idempotency_key_malformed`.
    """
    header = http.META.get("HTTP_IDEMPOTENCY_KEY")
    if header is None:
        return None
    label = parse_label(header)
    if not label or len(label) > 255:
        raise Problem(
            400,
            "idempotency_key_malformed",
            'Idempotency-Key must be a quoted string ("…") or a bare token of visible ASCII, 1 to 255 characters.',
        )
    return label


def parse_label(header: str) -> str | None:
    """The text meant by a header's value, or None when it means none."""
    header = header.strip(" ")
    if string := _STRING.match(header):
        rest = header[string.end() :]
        return re.sub(r"\\(.)", r"\1", string[1]) if _PARAMETERS.fullmatch(rest) else None
    return header if _BARE.fullmatch(header) else None


def identify_attempt(http: HttpRequest, body: bytes, *, api_key: int, label: str) -> Attempt:
    target = f"{http.method} {http.path}?{http.META.get('QUERY_STRING', '')}\n".encode()
    return Attempt(api_key, label, hashlib.sha256(target + body).digest())


_RECALL = """
SELECT pg_try_advisory_xact_lock(%s::bigint), fingerprint, status, body, content_type, location, version
FROM (SELECT) AS always
LEFT JOIN oms_storedanswer ON api_key_id = %s AND idempotency_key = %s
"""


def recall_answer(attempt: Attempt) -> Rendered | None:
    """Take the label for this transaction, and what was answered to it before.

    Raises:
        Problem: 409 while another request with this label runs; 422 when it was another request.
    """
    parameters = [attempt.lock, attempt.api_key, attempt.label]
    taken, fingerprint, status, body, content_type, location, version = fetch_one(_RECALL, parameters)

    if fingerprint is not None:
        if bytes(fingerprint) != attempt.fingerprint:
            raise Problem(422, "idempotency_key_reused", "This Idempotency-Key was used for another request.")
        return _open_answer(Rendered(status, bytes(body), content_type, location, version, replayed=True))
    if not taken:
        raise Problem(
            409,
            "idempotency_in_progress",
            "The first request with this Idempotency-Key is still running.",
            headers={"Retry-After": "1"},
        )
    return None


_REMEMBER = """
INSERT INTO oms_storedanswer (api_key_id, idempotency_key, fingerprint, status, body, content_type, location, version)
VALUES (%s, %s, %s, %s, %s, %s, %s, %s) ON CONFLICT DO NOTHING RETURNING id
"""


def remember_answer(attempt: Attempt, answer: Rendered) -> None:
    """Store the answer in the transaction of what it answers.

    Raises:
        Raced: another request with this label was answered between our look and our lock (a statement's snapshot is
            older than the locks it takes): undo ours, the next try finds that answer.
    """
    body, content_type = (seal(answer.body), SEALED) if answer.secret else (answer.body, answer.content_type)
    stored = [answer.status, body, content_type, answer.location, answer.version]
    if not fetch_all(_REMEMBER, [attempt.api_key, attempt.label, attempt.fingerprint, *stored]):
        raise _answered_first()


def _open_answer(answer: Rendered) -> Rendered:
    if answer.content_type != SEALED:
        return answer
    return replace(answer, body=unseal(answer.body), content_type="application/json")


_REMEMBER_QUERIED = """
WITH shown AS ({query}), kept AS (
    INSERT INTO oms_storedanswer
        (api_key_id, idempotency_key, fingerprint, status, body, content_type, location, version)
    SELECT %(answer_api_key)s, %(answer_label)s, %(answer_fingerprint)s, %(answer_status)s,
           convert_to(document, 'UTF8'), %(answer_content_type)s, %(answer_location)s, version
    FROM shown ON CONFLICT DO NOTHING RETURNING id
)
SELECT document, version, EXISTS (SELECT FROM kept) FROM shown
"""


def remember_queried(attempt: Attempt, answer: Rendered, query: JsonQuery) -> Rendered:
    """The same for a document that PostgreSQL writes: it goes out, and into the store, without coming back first.

    Raises:
        Raced: as above.
    """
    parameters = {
        **query.parameters,
        "answer_api_key": attempt.api_key,
        "answer_label": attempt.label,
        "answer_fingerprint": attempt.fingerprint,
        "answer_status": answer.status,
        "answer_content_type": answer.content_type,
        "answer_location": answer.location,
    }
    document, version, kept = fetch_one(_with_query(query.statement), parameters)
    if not kept:
        raise _answered_first()
    return replace(answer, body=document.encode(), version=version)


@cache
def _with_query(statement: str) -> str:
    return _REMEMBER_QUERIED.format(query=statement)


def _answered_first() -> Raced:
    return Raced("Another request with this Idempotency-Key was answered first.")
