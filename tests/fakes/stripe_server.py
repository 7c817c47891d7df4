"""Stripe on 127.0.0.1: its HTTP, its keys, its signatures, and its bad days.

Form-encoded bodies, a secret key, Stripe's error shapes; the same Idempotency-Key and request is answered again with
`Idempotent-Replayed`, with another request it is an `idempotency_error`.
"""

import hashlib
import hmac
import json
import time
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from tests.fakes.serving import Answered, Asked, Double, Trouble
from tests.fakes.stripe_rules import Account, ApiError

SECRET_KEY = "sk_test_the_one_that_fits"
WEBHOOK_SECRET = "whsec_the_one_that_fits"

TOO_MANY = Trouble(
    Answered(429, {"error": {"message": "Too many requests.", "code": "rate_limit"}}, {"Retry-After": "7"})
)
DOWN = Trouble(Answered(503, {"error": {"type": "api_error", "message": "Stripe is not available."}}))
IN_USE = Trouble(Answered(409, {"error": {"message": "In progress.", "code": "idempotency_key_in_use"}}))


class StripeServer(Double):
    """`breaks_next`: the next write ends in a 500 that Stripe remembers under its key, though nothing was done."""

    def __init__(self) -> None:
        super().__init__()
        self.account = Account()
        self.breaks_next = False
        self._answers: dict[str, tuple[str, int, Any]] = {}

    def forget_keys(self) -> None:
        """As Stripe does after a day."""
        self._answers.clear()

    def posts(self, path: str) -> list[dict[str, Any]]:
        """The parameters of each write to that path."""
        return [
            unflatten(each.body.decode()) for each in self.asked if each.method == "POST" and each.path == f"/v1{path}"
        ]

    def answer(self, asked: Asked) -> Answered:
        try:
            _refuse_strangers(asked)
            return self._write(asked) if asked.method == "POST" else Answered(200, self._read(asked))
        except ApiError as error:
            return Answered(error.status, error.body)

    def _write(self, asked: Asked) -> Answered:
        key, params = asked.headers.get("idempotency-key", ""), unflatten(asked.body.decode())
        if not 0 < len(key) <= 255:
            raise ApiError(400, "A key has 1 to 255 characters.")
        fingerprint = json.dumps([asked.path, params], sort_keys=True)
        if key in self._answers:
            before, status, document = self._answers[key]
            if before != fingerprint:
                message = "Keys for idempotent requests can only be used with the parameters they were first used with."
                raise ApiError(400, message, type="idempotency_error")
            return Answered(status, document, {"Idempotent-Replayed": "true"})
        try:
            self._break()
            status, document = 200, self._do(asked.path, params)
        except ApiError as error:
            if not error.stored:
                raise
            status, document = error.status, error.body
        document = json.loads(json.dumps(document))
        self._answers[key] = (fingerprint, status, document)
        return Answered(status, document)

    def _break(self) -> None:
        if self.breaks_next:
            self.breaks_next = False
            raise ApiError(500, "An unknown error occurred", type="api_error", stored=True)

    def _do(self, path: str, params: dict[str, Any]) -> Any:
        match path.split("/")[2:]:
            case ["checkout", "sessions"]:
                return self.account.create_session(params)
            case ["checkout", "sessions", id_, "expire"]:
                return self.account.expire_session(id_)
            case ["refunds"]:
                return self.account.create_refund(params)
        raise ApiError(404, f"Unrecognized request URL (POST: {path}).")

    def _read(self, asked: Asked) -> Any:
        url = urlsplit(asked.path)
        match url.path.split("/")[2:]:
            case ["checkout", "sessions", id_]:
                return self.account.read_session(id_)
            case ["refunds"]:
                return self.account.list_refunds(unflatten(url.query))
            case ["refunds", id_]:
                return self.account.read_refund(id_)
        raise ApiError(404, f"Unrecognized request URL (GET: {url.path}).")


def _refuse_strangers(asked: Asked) -> None:
    if asked.headers.get("authorization") != f"Bearer {SECRET_KEY}":
        raise ApiError(401, "Invalid API Key provided: sk_test_****")
    if not asked.headers.get("stripe-version"):
        raise ApiError(400, "Say which version of the API you speak.")
    if asked.body and asked.headers.get("content-type") != "application/x-www-form-urlencoded":
        raise ApiError(400, "Bodies are form-encoded.")


def signed_event(
    event: dict[str, Any], *, secret: str = WEBHOOK_SECRET, sent_at: float | None = None
) -> tuple[bytes, dict[str, str]]:
    """The raw body of a webhook and its header, signed as Stripe signs: HMAC-SHA256 of `timestamp.body`, in hex."""
    body = json.dumps(event).encode()
    moment = int(time.time() if sent_at is None else sent_at)
    digest = hmac.new(secret.encode(), f"{moment}.".encode() + body, hashlib.sha256).hexdigest()
    return body, {"Stripe-Signature": f"t={moment},v1={digest},v0=ignored"}


def unflatten(encoded: str) -> dict[str, Any]:
    """`a[b][0][c]=d` as nested dicts."""
    params: dict[str, Any] = {}
    for name, value in parse_qsl(encoded, keep_blank_values=True):
        parts = name.replace("]", "").split("[")
        place = params
        for part in parts[:-1]:
            place = place.setdefault(part, {})
        place[parts[-1]] = value
    return params
