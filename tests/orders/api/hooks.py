"""A channel that calls us: it signs as the real one does."""

import time
from typing import Any

import orjson
from django.test import Client

from tests.orders.channels.test_signatures import sign, standard_headers

SECRET = "what only the channel and we know"

HEADERS = {"SHOPIFY": "X-Shopify-Hmac-Sha256", "WOOCOMMERCE": "X-WC-Webhook-Signature"}


class Sender:
    """Speaks as the channel of that code; `key` is what it signs with. Cookies and tokens it has none."""

    def __init__(self, code: str, connector: str, *, key: str = SECRET) -> None:
        self.code = code
        self.connector = connector
        self.key = key.encode()
        self.client = Client(enforce_csrf_checks=True, raise_request_exception=False)

    def send(self, topic: str, message: Any) -> Any:
        body = message if isinstance(message, bytes) else orjson.dumps(message)
        return self.client.post(self.path(topic), body, content_type="application/json", headers=self._sign(body))

    def results(self, topic: str, message: Any) -> list[tuple[str, str | None]]:
        """Status and reason of each member; the channel must be told 200."""
        answer = self.send(topic, message)
        assert answer.status_code == 200, answer.content
        return [(each["status"], each["reason"]) for each in answer.json()["results"]]

    def path(self, topic: str) -> str:
        return f"/api/v1/channels/{self.code}/webhooks/{topic}"

    def _sign(self, body: bytes) -> dict[str, str]:
        if header := HEADERS.get(self.connector):
            return {header: sign(body, self.key)}
        return standard_headers(self.key, body=body, sent_at=time.time())
