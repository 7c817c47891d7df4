"""Optimistic writes: `If-Match` with the version one has read (RFC 9110, section 13.1.1)."""

import re

from django.http import HttpRequest

from oms.api.problems import Problem
from oms.errors import VersionStale

_TAG = re.compile(r'(?:W/)?"([0-9]{1,10})"|([0-9]{1,10})')


def read_version(http: HttpRequest) -> int | None:
    """The version that the client wants to change; None when it does not mind (no header, or `*`).

    Raises:
        Problem: 400 `if_match_malformed`.
    """
    header = http.META.get("HTTP_IF_MATCH", "*").strip()
    if header == "*":
        return None
    if not (tag := _TAG.fullmatch(header)):
        raise Problem(400, "if_match_malformed", 'If-Match takes the version you have read, like "7".')
    return int(tag[1] or tag[2])


def require_version(expected: int | None, current: int) -> None:
    """Ask this under the lock of what is to be changed.

    Raises:
        VersionStale: 412.
    """
    if expected is not None and expected != current:
        raise VersionStale(f"It is at version {current} by now.", version=current)
