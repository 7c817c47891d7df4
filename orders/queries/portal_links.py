"""Signed links to one order, for the mails of its customer.

A link is bound to the order and to the e-mail address it was sent to: once the order's address changes, old links open
nothing. All links end when the SECRET_KEY is rotated out of SECRET_KEY_FALLBACKS.
"""

from datetime import timedelta
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.core import signing
from django.urls import reverse
from django.utils.crypto import constant_time_compare, salted_hmac

from orders.models import Order

LINK_LASTS = timedelta(days=60)
PLACES = r"(?:[A-Za-z0-9-]{1,40}/){1,4}"
"""Pages below an order's own that a link may lead to: words between slashes."""
_SALT = "orders.portal.link"


def make_link(order: Order, *, to: str = "") -> str:
    """The whole address, ready for a mail. `to`: a page below the order's own, "returns/R-1001-1/"."""
    token = signing.dumps([order.number, _mark(order.email)], salt=_SALT)
    query = f"?{urlencode({'to': to})}" if to else ""
    return f"{settings.PUBLIC_URL}{reverse('portal:link', args=[token])}{query}"


def find_linked_order(token: str) -> Order | None:
    """The order that a link opens; None when it is forged, too old, or was sent to another address."""
    try:
        number, mark = _read(signing.loads(token, salt=_SALT, max_age=LINK_LASTS))
    except signing.BadSignature:
        return None
    order = Order.objects.filter(number=number).first()
    if order is None:
        return None
    keys = (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)
    return order if any(constant_time_compare(mark, _mark(order.email, key)) for key in keys) else None


def _read(signed: Any) -> tuple[str, str]:
    number, mark = signed  # we signed it: nobody else can have given it another shape
    return number, mark


def _mark(email: str, key: str | None = None) -> str:
    """Says whether two addresses are the same, and nothing else about them."""
    return salted_hmac(f"{_SALT}.email", email.lower(), secret=key, algorithm="sha256").hexdigest()[:16]
