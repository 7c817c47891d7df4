"""Telling an ERP or a 3PL: one signed POST a message (Standard Webhooks 1.0), acknowledged later by a call to our API.

`webhook-id` is the same however often the message is sent, so it can be taken once. 2xx says only that it was heard.
"""

import base64
import hashlib
import hmac
from collections.abc import Mapping
from datetime import datetime
from typing import Any

import orjson

from orders.channels.outgoing.calling import call, connect, require_success
from orders.channels.outgoing.port import Access, ChannelRefused
from orders.channels.signatures import read_key

_FINAL = {
    401: "The partner does not accept our signature: give both sides the same secret.",
    403: "The partner does not let us in.",
    404: "There is nothing at this address.",
    410: "The partner wants no messages at this address any more.",
}


def post_message(access: Access, *, key: str, document: Mapping[str, Any], at: datetime) -> None:
    """Send it once.

    Raises:
        ChannelRefused, ChannelBusy, ChannelUnavailable.
    """
    if not read_key(access.secret):
        raise ChannelRefused("There is no signing secret: give both sides one.")
    body = orjson.dumps(document)
    with connect(access) as client:
        response = call(client, "POST", access.url, content=body, headers=sign(body, access.secret, key=key, at=at))
    require_success(response, final=_FINAL)


def sign(body: bytes, secret: str, *, key: str, at: datetime) -> dict[str, str]:
    """The headers: id, moment, and the HMAC-SHA256 of `id.timestamp.body`."""
    sent_at = int(at.timestamp())
    signed = f"{key}.{sent_at}.".encode() + body
    digest = base64.b64encode(hmac.new(read_key(secret), signed, hashlib.sha256).digest()).decode()
    return {
        "content-type": "application/json",
        "webhook-id": key,
        "webhook-timestamp": str(sent_at),
        "webhook-signature": f"v1,{digest}",
    }
