"""Signing what we tell other systems: Standard Webhooks 1.0, the same for partners' webhooks and write-backs."""

import secrets
from base64 import b64decode, b64encode
from collections.abc import Sequence
from datetime import UTC, datetime

from standardwebhooks import Webhook

PREFIX = "whsec_"


def new_secret() -> str:
    """A signing secret of 256 random bits."""
    return PREFIX + b64encode(secrets.token_bytes(32)).decode()


def read_key(secret: str) -> bytes:
    """The key in a secret: base64 after `whsec_`; any other secret is its own key. Empty: it is none."""
    if not secret.startswith(PREFIX):
        return secret.encode(errors="replace")
    try:
        return b64decode(secret.removeprefix(PREFIX), validate=True)
    except ValueError:
        return b""


def sign_message(body: bytes, keys: Sequence[bytes], *, message_id: str, at: datetime) -> dict[str, str]:
    """The headers of one attempt: id, moment, and one signature for each key (two while a secret is being replaced)."""
    moment = at.astimezone(UTC)
    text = body.decode()
    return {
        "content-type": "application/json",
        "webhook-id": message_id,
        "webhook-timestamp": str(int(moment.timestamp())),
        "webhook-signature": " ".join(Webhook(key).sign(message_id, moment, text) for key in keys),
    }
