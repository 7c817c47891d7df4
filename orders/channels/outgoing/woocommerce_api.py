"""Speaking with a WooCommerce shop: REST v3 with a consumer key, and the APIs that its plugins add."""

from collections.abc import Mapping
from typing import Any

import httpx

from orders.channels.outgoing.calling import call, read_json, require_success
from orders.channels.outgoing.port import Access, ChannelUnavailable
from orders.channels.reasons import quote

_FINAL = {
    401: "WooCommerce does not know the consumer key, or it may only read. Enter one that may write.",
    403: "The consumer key may not do this.",
}
_NO_ROUTE = "rest_no_route"


class WooCommerceApi:
    """Sends one request after the other."""

    def __init__(self, client: httpx.Client, access: Access) -> None:
        self.client = client
        self.access = access

    def send(self, method: str, path: str, document: Mapping[str, Any] | None = None, *, api: str = "wc/v3") -> Any:
        """The answer's body.

        Raises:
            ChannelBusy, ChannelRefused, ChannelUnavailable
        """
        response = self._ask(method, path, document, api)
        require_success(response, final=_FINAL | _said_by(response))
        return read_json(response)

    def find(self, path: str, *, api: str) -> Any:
        """The answer's body; None where the shop has no such API."""
        response = self._ask("GET", path, None, api)
        if response.status_code == 404 and _said(response).get("code") == _NO_ROUTE:
            return None
        require_success(response, final=_FINAL | _said_by(response))
        return read_json(response)

    def _ask(self, method: str, path: str, document: Mapping[str, Any] | None, api: str) -> httpx.Response:
        address = f"{self.access.url.rstrip('/')}/wp-json/{api}/{path}"
        request: dict[str, Any] = {"auth": (self.access.key, self.access.secret)}
        if document is not None:
            request["json"] = document
        return call(self.client, method, address, **request)


def _said(response: httpx.Response) -> Mapping[str, Any]:
    try:
        said = read_json(response)
    except ChannelUnavailable:
        return {}
    return said if isinstance(said, dict) else {}


def _said_by(response: httpx.Response) -> dict[int, str]:
    """WooCommerce's own sentence for what it will not do."""
    if response.status_code not in (400, 404, 409, 422):
        return {}
    sentence = _said(response).get("message")
    return {response.status_code: f"WooCommerce: {quote(sentence, most=200)}"} if sentence else {}
