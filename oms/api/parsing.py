"""A request's body into Python: size, media type, JSON, and nothing that PostgreSQL cannot store."""

from collections.abc import Iterator
from typing import Any

import orjson
from django.conf import settings
from django.http import HttpRequest, UnreadablePostError
from rest_framework.parsers import BaseParser

from oms.api.problems import Problem
from oms.errors import FieldError
from oms.pointers import pointer_to

_MEDIA_TYPES = ("application/json", "application/json; charset=utf-8")


def read_raw(http: HttpRequest) -> bytes:
    """The body's bytes.

    Raises:
        Problem: 413 too large, 415 not JSON, 400 the client went away in the middle.
    """
    length = http.META.get("CONTENT_LENGTH") or "0"
    if not length.isdigit() or int(length) > settings.DATA_UPLOAD_MAX_MEMORY_SIZE:
        raise Problem(413, "body_too_large", f"At most {settings.DATA_UPLOAD_MAX_MEMORY_SIZE} bytes, please.")
    try:
        raw = http.body
    except UnreadablePostError:
        raise Problem(400, "body_incomplete", "The body ended before it was complete.") from None

    if raw and not _is_json(http.META.get("CONTENT_TYPE", "")):
        raise Problem(415, "media_type_unsupported", "Send the body as application/json in UTF-8.")
    return raw


def parse_document(raw: bytes) -> dict[str, Any]:
    """The JSON object in the body; an empty body is an empty object.

    Raises:
        Problem: 400 broken JSON, with the position; 422 not an object, or text with a NUL in it.
    """
    if not raw:
        return {}
    try:
        document = orjson.loads(raw)
    except orjson.JSONDecodeError as error:
        raise Problem(
            400,
            "json_broken",
            f"The body is not JSON: {error.msg} (line {error.lineno}, column {error.colno}).",
            facts={"line": error.lineno, "column": error.colno, "position": error.pos},
        ) from None

    if not isinstance(document, dict):
        raise Problem(422, "body_not_an_object", "The body must be a JSON object.", errors=[_NOT_AN_OBJECT])
    if b"\\u0000" in raw:  # seldom: then look closely, for it may be a backslash before "u0000"
        _refuse_nul(document)
    return document


_NOT_AN_OBJECT = FieldError("", "body_not_an_object", "Send an object.")


def _is_json(content_type: str) -> bool:
    if content_type in _MEDIA_TYPES:
        return True
    media_type, *parameters = (part.strip() for part in content_type.lower().split(";"))
    is_json = media_type == "application/json" or (
        media_type.startswith("application/") and media_type.endswith("+json")
    )
    charsets = [value.strip('"') for name, _, value in (p.partition("=") for p in parameters) if name == "charset"]
    return is_json and all(charset in ("utf-8", "utf8", "us-ascii") for charset in charsets)


def _refuse_nul(document: Any) -> None:
    errors = [
        FieldError(pointer_to(path), "nul_character", "Text must not contain the NUL character.")
        for path in _paths_to_nul(document)
    ]
    if errors:
        raise Problem(422, "nul_character", "Text must not contain the NUL character.", errors=errors[:50])


def _paths_to_nul(document: Any) -> Iterator[tuple[str | int, ...]]:
    """Where a NUL stands, in a value or in a name. A list of work instead of recursion: nesting may be deep."""
    waiting: list[tuple[tuple[str | int, ...], Any]] = [((), document)]
    while waiting:
        path, value = waiting.pop()
        if isinstance(value, str) and "\x00" in value:
            yield path
        elif isinstance(value, list):
            waiting += [((*path, place), item) for place, item in enumerate(value)]
        elif isinstance(value, dict):
            waiting += [((*path, name), item) for name, item in value.items()]
            waiting += [((*path, name), name) for name in value if "\x00" in name]


class OrjsonParser(BaseParser):
    """The same for plain REST framework views."""

    media_type = "application/json"

    def parse(self, stream: Any, media_type: str | None = None, parser_context: Any = None) -> dict[str, Any]:
        return parse_document(stream.read())
