"""Telling an ERP or a 3PL: one signed POST a message (Standard Webhooks 1.0), acknowledged later by a call to our API.

`webhook-id` is the same however often the message is sent, so it can be taken once. 2xx says only that it was heard.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import orjson

from oms.signing import read_key, sign_message
from orders.channels.outgoing.calling import call, connect, require_success
from orders.channels.outgoing.port import Access, ChannelRefused

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
    signing_key = read_key(access.secret)
    if not signing_key:
        raise ChannelRefused("There is no signing secret: give both sides one.")
    body = orjson.dumps(document)
    headers = sign_message(body, [signing_key], message_id=key, at=at)
    with connect(access) as client:
        response = call(client, "POST", access.url, content=body, headers=headers)
    require_success(response, final=_FINAL)
