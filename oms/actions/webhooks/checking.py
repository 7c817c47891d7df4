"""Whether an address can be called at all, and whether what it wants to hear of exists."""

import ipaddress
from collections.abc import Sequence
from urllib.parse import urlsplit

from django.conf import settings

from oms.errors import FieldError
from oms.events import public_types
from oms.outside import is_public, is_reserved_port
from oms.policies.webhooks import match_types

MOST_TYPES = 50


def check_url(url: str | None) -> list[FieldError]:
    """What is wrong with it; nobody is asked yet where its name leads to: that is looked at before each call."""
    if url is None:
        return []
    wrong = _find_fault(url)
    return [FieldError("/url", *wrong)] if wrong else []


def _find_fault(url: str) -> tuple[str, str] | None:
    try:
        parts = urlsplit(url)
        host, port = parts.hostname or "", parts.port or 443
    except ValueError:
        return "url_malformed", "This is not an address."
    private = settings.CALL_PRIVATE_ADDRESSES
    if len(url) > 500 or not url.isascii() or any(sign <= " " for sign in url):
        return "url_malformed", "An address is up to 500 characters of visible ASCII."
    if parts.scheme != "https" and not (private and parts.scheme == "http"):
        return "url_not_https", "Only https addresses are called."
    if not host or "%" in host:
        return "url_malformed", "The address names no host."
    if parts.username or parts.password:
        return "url_with_password", "Name and password do not belong in the address, where everybody reads them."
    if not private and (is_reserved_port(port) or _is_private(host)):
        return "url_private", "This address lies in a private network, or at the port of another service."
    return None


def _is_private(host: str) -> bool:
    try:
        return not is_public(str(ipaddress.ip_address(host)))
    except ValueError:
        return host == "localhost" or host.endswith((".localhost", ".local", ".internal")) or "." not in host


def check_types(types: Sequence[str] | None) -> list[FieldError]:
    """Each must mean something that can be heard of."""
    if types is None:
        return []
    known = public_types()
    if not 0 < len(types) <= MOST_TYPES:
        return [FieldError("/types", "types_missing", f"Name one to {MOST_TYPES} types of events.")]
    return [
        FieldError(f"/types/{place}", "unknown_event_type", f"{type_} is no event. There are: {', '.join(known)}.")
        for place, type_ in enumerate(types)
        if not match_types([type_], known)
    ]
