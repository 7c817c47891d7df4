"""Signed links by which a reader of a mail asks for no more like it.

A link names the mail, not the reader: nothing of an address stands in it (RFC 8058, 3.1). It never grows too old, for a
mail may lie about for years; it ends when the SECRET_KEY is rotated out of SECRET_KEY_FALLBACKS.
"""

from django.conf import settings
from django.core import signing
from django.urls import reverse

from oms.models import Message

_SIGNER = signing.Signer(salt="upsell.unsubscribe")


def make_unsubscribe_link(key: str) -> str:
    """The whole address, for the mail of that key."""
    return f"{settings.PUBLIC_URL}{reverse('unsubscribe', args=[_SIGNER.sign(key)])}"


def find_reader(token: str) -> str | None:
    """To whom the mail went, in lower case; None when the link is forged or not complete."""
    try:
        key = _SIGNER.unsign(token)
    except signing.BadSignature:
        return None
    to = Message.objects.filter(key=key).values_list("to", flat=True).first()
    return to.lower() if to else None
