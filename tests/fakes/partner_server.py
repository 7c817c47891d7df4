"""An ERP at the other end of a webhook: it believes what is signed (Standard Webhooks 1.0), and takes each id once."""

import base64
import hashlib
import hmac
from datetime import datetime, timedelta
from typing import Any

from tests.fakes.serving import Answered, Asked, Double

SECRET = "whsec_" + base64.b64encode(b"a secret of at least 24 bytes").decode()
TOLERANCE = timedelta(minutes=5)


class PartnerServer(Double):
    """`taken` are the messages by their id; `now` is the partner's clock."""

    def __init__(self, *, now: datetime) -> None:
        super().__init__()
        self.now = now
        self.taken: dict[str, dict[str, Any]] = {}
        self.times_seen: dict[str, int] = {}

    def answer(self, asked: Asked) -> Answered:
        if asked.method != "POST":
            return Answered(405, {})
        if asked.headers.get("content-type") != "application/json":
            return Answered(415, {})
        if not self._is_signed(asked):
            return Answered(401, {"error": "signature"})
        name = asked.headers["webhook-id"]
        self.times_seen[name] = self.times_seen.get(name, 0) + 1
        self.taken.setdefault(name, asked.json())
        return Answered(202, {"received": True})

    def _is_signed(self, asked: Asked) -> bool:
        name, sent_at = asked.headers.get("webhook-id", ""), asked.headers.get("webhook-timestamp", "")
        if not (name and sent_at.isdigit()):
            return False
        if abs(self.now.timestamp() - int(sent_at)) > TOLERANCE.total_seconds():
            return False
        key = base64.b64decode(SECRET.removeprefix("whsec_"))
        signed = hmac.new(key, f"{name}.{sent_at}.".encode() + asked.body, hashlib.sha256).digest()
        expected = f"v1,{base64.b64encode(signed).decode()}"
        return any(hmac.compare_digest(expected, each) for each in asked.headers["webhook-signature"].split())
