"""Who asks: `Authorization: Bearer oms_…` (RFC 6750), looked up by its digest in one statement."""

import re
from typing import Any

from django.http import HttpRequest
from rest_framework import exceptions
from rest_framework.authentication import BaseAuthentication

from oms.api.problems import Problem
from oms.models import ApiKey
from oms.models.api_key import digest_of
from oms.sql import fetch_all

CHALLENGE = "WWW-Authenticate"

_FORM = re.compile(r"oms_[A-Za-z0-9_-]{43}")

_COLUMNS = ["id", "name", "prefix", "scopes", "channels", "warehouses", "bot", "requests_per_minute"]
_FIND = f"""
SELECT {", ".join(_COLUMNS)} FROM oms_apikey
WHERE digest = %s AND revoked_at IS NULL AND (expires_at IS NULL OR expires_at > statement_timestamp())
"""  # noqa: S608 - names of our own model, no input


def authenticate_key(http: HttpRequest) -> ApiKey:
    """The usable key that the request bears.

    Raises:
        Problem: 401, with the challenge.
    """
    header = http.META.get("HTTP_AUTHORIZATION")
    if not header:
        raise _unauthenticated("key_missing", "Send your key: Authorization: Bearer oms_…", "")

    scheme, _, secret = header.partition(" ")
    key = find_key(secret.strip()) if scheme.lower() == "bearer" else None
    if key is None:
        raise _unauthenticated("key_invalid", "This key is unknown, revoked or expired.", ' error="invalid_token"')
    return key


def find_key(secret: str) -> ApiKey | None:
    """The key, unless it is revoked, expired or was never issued."""
    if not _FORM.fullmatch(secret):
        return None
    found = fetch_all(_FIND, [digest_of(secret)])
    return ApiKey.from_db("default", _COLUMNS, found[0]) if found else None


def _unauthenticated(code: str, detail: str, error: str) -> Problem:
    return Problem(401, code, detail, headers={CHALLENGE: f'Bearer realm="api"{"," if error else ""}{error}'})


class KeyAuthentication(BaseAuthentication):
    """The same for plain REST framework views: the key is `request.auth`."""

    def authenticate(self, request: Any) -> tuple[None, ApiKey] | None:
        if not request.META.get("HTTP_AUTHORIZATION"):
            return None
        try:
            return None, authenticate_key(request._request)
        except Problem as problem:
            raise exceptions.AuthenticationFailed(problem.detail, problem.code) from None

    def authenticate_header(self, request: Any) -> str:
        return 'Bearer realm="api"'
