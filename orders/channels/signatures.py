"""How channels sign what they send: HMAC-SHA256, compared in constant time. No secret, no proof."""

import base64
import hashlib
import hmac
import time
from collections.abc import Mapping

TOLERANCE = 5 * 60
"""Seconds by which a signed timestamp may differ from our clock (Standard Webhooks)."""


def is_signed(body: bytes, headers: Mapping[str, str], secret: str, *, header: str) -> bool:
    """True when the header holds base64(HMAC-SHA256(secret, body)), as Shopify and WooCommerce send it."""
    given = _header(headers, header)
    return bool(secret and given) and hmac.compare_digest(
        _digest(secret.encode(errors="replace"), body), given.encode(errors="replace")
    )


def is_signed_by_standard(body: bytes, headers: Mapping[str, str], key: bytes) -> bool:
    """True when the headers sign the body by Standard Webhooks 1.0, within five minutes of now.

    The signed text is `id.timestamp.body`; the header may hold several signatures (while a secret is being replaced).
    """
    name, sent_at = _header(headers, "webhook-id"), _header(headers, "webhook-timestamp")
    if not (key and name and sent_at.isascii() and sent_at.isdigit() and len(sent_at) < 16):
        return False
    if abs(time.time() - int(sent_at)) > TOLERANCE:
        return False
    expected = b"v1," + _digest(key, f"{name}.{sent_at}.".encode(errors="replace") + body)
    given = _header(headers, "webhook-signature").encode(errors="replace").split()
    return any(hmac.compare_digest(expected, signature) for signature in given)


def _digest(key: bytes, message: bytes) -> bytes:
    return base64.b64encode(hmac.new(key, message, hashlib.sha256).digest())


def _header(headers: Mapping[str, str], name: str) -> str:
    """A header by its name in any case; empty when missing."""
    if value := headers.get(name):
        return value
    return next((value for key, value in headers.items() if key.lower() == name.lower()), "")
