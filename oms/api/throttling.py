"""Rate limits, kept per process and in bounded memory: by key, and by address for failed authentication.

A limit is shared out among the processes (WEB_CONCURRENCY), so no store is asked on the way. The headers are those of
draft-ietf-httpapi-ratelimit-headers-10, and Retry-After.
"""

import ipaddress
import threading
import time
from collections import OrderedDict
from collections.abc import Hashable

from django.conf import settings
from django.http import HttpRequest

from oms.api.problems import Problem
from oms.models import ApiKey
from oms.policies.throttling import MINUTE, Pace, judge_pace, whole_seconds

FAILED_AUTHENTICATIONS = 60
"""A minute and address. A good key is never stopped by it: others behind the same address may fumble."""


class Meter:
    """Counts for many at once; the least recently seen is forgotten first."""

    def __init__(self, *, most: int = 50_000) -> None:
        self._full_at: OrderedDict[Hashable, float] = OrderedDict()
        self._lock = threading.Lock()
        self._most = most

    def count(self, who: Hashable, *, per_minute: int, now: float | None = None) -> Pace:
        moment = time.monotonic() if now is None else now
        with self._lock:
            pace = judge_pace(full_at=self._full_at.get(who, 0.0), now=moment, per_minute=per_minute)
            self._full_at[who] = pace.full_at
            self._full_at.move_to_end(who)
            if len(self._full_at) > self._most:
                self._full_at.popitem(last=False)
        return pace

    def look(self, who: Hashable, *, per_minute: int, now: float | None = None) -> Pace:
        """What counting one more would say; nothing is counted."""
        moment = time.monotonic() if now is None else now
        with self._lock:
            return judge_pace(full_at=self._full_at.get(who, 0.0), now=moment, per_minute=per_minute)

    def __len__(self) -> int:
        return len(self._full_at)

    def forget(self) -> None:
        with self._lock:
            self._full_at.clear()


VISITS = 120
"""What one address may ask in a minute of what is open to all."""

keys = Meter()
strangers = Meter()
visitors = Meter()


def count_request(key: ApiKey) -> Pace:
    """One request more of this key.

    Raises:
        Problem: 429.
    """
    pace = keys.count(key.pk, per_minute=share_of(key.requests_per_minute))
    if not pace.allowed:
        raise _too_many(pace, "This key asks too often.")
    return pace


def count_failure(http: HttpRequest) -> None:
    """One failed authentication more from this address.

    Raises:
        Problem: 429.
    """
    pace = strangers.count(address_of(http), per_minute=share_of(FAILED_AUTHENTICATIONS))
    if not pace.allowed:
        raise _too_many(pace, "Too many requests without a good key came from your address.")


def count_visit(http: HttpRequest) -> Pace:
    """One request more from this address for something that is open to all.

    Raises:
        Problem: 429.
    """
    pace = visitors.count(address_of(http), per_minute=share_of(VISITS))
    if not pace.allowed:
        raise _too_many(pace, "Too many requests came from your address.")
    return pace


def describe_pace(pace: Pace) -> dict[str, str]:
    return {
        "RateLimit-Policy": f'"minute";q={pace.limit};w={MINUTE:.0f}',
        "RateLimit": f'"minute";r={pace.remaining};t={whole_seconds(pace.reset)}',
    }


def address_of(http: HttpRequest) -> str:
    """The client's address as far as our own proxies (NUM_PROXIES) vouch for it; an IPv6 network of 64 bits is one."""
    address = http.META.get("REMOTE_ADDR") or ""
    proxies = settings.REST_FRAMEWORK.get("NUM_PROXIES") or 0
    forwarded = [hop.strip() for hop in http.META.get("HTTP_X_FORWARDED_FOR", "").split(",") if hop.strip()]
    if proxies and forwarded:
        address = forwarded[-min(proxies, len(forwarded))]
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return address[:60]
    return str(ipaddress.ip_network((parsed, 64), strict=False)) if parsed.version == 6 else str(parsed)


def share_of(per_minute: int) -> int:
    return max(1, per_minute // max(1, settings.WEB_CONCURRENCY))


def _too_many(pace: Pace, detail: str) -> Problem:
    wait = max(1, whole_seconds(pace.wait))
    return Problem(429, "too_many_requests", detail, headers={"Retry-After": str(wait), **describe_pace(pace)})
