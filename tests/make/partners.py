"""A partner system: an API key, and a client that speaks with it."""

import itertools
from datetime import UTC, datetime
from typing import Any

import orjson
from django.test import Client

from oms.actions.issuing_keys import issue_api_key
from oms.models import ApiKey

NOON = datetime(2026, 11, 21, 12, tzinfo=UTC)

_numbers = itertools.count(1)


class Partner:
    """Speaks JSON with the API; `fresh` gives each write an Idempotency-Key of its own."""

    def __init__(self, key: ApiKey, secret: str, *, crashes_are_errors: bool = True) -> None:
        self.key = key
        self.secret = secret
        self.client = Client(headers={"authorization": f"Bearer {secret}"}, raise_request_exception=crashes_are_errors)

    def get(self, path: str, **headers: str) -> Any:
        return self.client.get(f"/api/v1{path}", headers=_headers(headers))

    def post(self, path: str, body: Any = None, *, label: str | None = None, **headers: str) -> Any:
        return self._write("post", path, body, label, headers)

    def patch(self, path: str, body: Any = None, *, label: str | None = None, **headers: str) -> Any:
        return self._write("patch", path, body, label, headers)

    def put(self, path: str, body: Any = None, *, label: str | None = None, **headers: str) -> Any:
        return self._write("put", path, body, label, headers)

    def delete(self, path: str, *, label: str | None = None, **headers: str) -> Any:
        return self._write("delete", path, None, label, headers)

    def _write(self, method: str, path: str, body: Any, label: str | None, headers: dict[str, str]) -> Any:
        raw = body if isinstance(body, bytes) else b"" if body is None else orjson.dumps(body)
        if label is not None:
            headers = headers | {"idempotency_key": label}
        send = getattr(self.client, method)
        content_type = headers.pop("content_type", "application/json")
        return send(f"/api/v1{path}", data=raw, content_type=content_type, headers=_headers(headers))


def fresh() -> str:
    """An Idempotency-Key that nobody used before."""
    return f"write-{next(_numbers)}"


def make_partner(
    *scopes: str, channels: tuple[str, ...] = (), warehouses: tuple[str, ...] = (), crashes_are_errors: bool = True
) -> Partner:
    """A partner that may do everything, unless scopes are named."""
    key, secret = issue_api_key(
        name=f"Partner {next(_numbers)}",
        scopes=scopes or ("admin",),
        channels=channels,
        warehouses=warehouses,
        by="staff:ada",
        at=NOON,
    )
    return Partner(key, secret, crashes_are_errors=crashes_are_errors)


def _headers(named: dict[str, str]) -> dict[str, str]:
    return {name.replace("_", "-"): value for name, value in named.items()}
