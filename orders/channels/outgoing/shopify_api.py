"""Speaking with Shopify's Admin GraphQL API: one token, a version, and a bucket of points that refills.

Each answer says how full the bucket is (`extensions.cost`): when it runs low we wait a little before the next call,
and when Shopify throttles us all the same we wait for the points that it says are missing, or give up until later.
https://shopify.dev/docs/api/usage/limits
"""

import time
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import httpx

from orders.channels.outgoing.calling import call, read_json, require_success
from orders.channels.outgoing.port import Access, ChannelBusy, ChannelRefused, ChannelUnavailable
from orders.channels.reasons import quote

VERSION = "2026-07"
LOW = 150.0
"""Points; with fewer left the next call might not get through."""
SHORT_WAIT = 5.0
"""Seconds that are waited for on the spot; for more, the message is put back."""
TRIES = 3

_FINAL = {
    401: "Shopify does not know the access token. Enter a new one.",
    402: "The shop is frozen. Its owner must settle that with Shopify.",
    403: "The access token may not do this: give the app the scopes that the guide names.",
    404: f"There is no shop with the API version {VERSION} at this address.",
}


class ShopifyApi:
    """Sends one GraphQL document after the other."""

    def __init__(self, client: httpx.Client, access: Access, *, sleep: Callable[[float], None] = time.sleep) -> None:
        self.client = client
        self.address = f"{access.url.rstrip('/')}/admin/api/{VERSION}/graphql.json"
        self.headers = {"X-Shopify-Access-Token": access.key, "Accept": "application/json"}
        self.sleep = sleep
        self.pause = 0.0

    def ask(self, query: str, /, **variables: Any) -> dict[str, Any]:
        """The answer's `data`.

        Raises:
            ChannelBusy: the bucket stays empty for longer than we wait.
            ChannelRefused: Shopify does not take the document, or we may not.
            ChannelUnavailable
        """
        for _ in range(TRIES):
            if self.pause:
                self.sleep(self.pause)
            answer = self._post(query, variables)
            self.pause = _pause_for(answer)
            errors = answer.get("errors")
            if not _is_throttled(errors):
                return _data_of(answer, errors)
            self.pause = _missing_seconds(answer)
            if self.pause > SHORT_WAIT:
                break
        raise ChannelBusy("Shopify throttles us.", retry_after=max(self.pause, 1.0))

    def do(self, mutation: str, query: str, /, **variables: Any) -> dict[str, Any]:
        """The payload of one mutation, once it bears no error for us to act on.

        Raises:
            ChannelRefused: Shopify says what is wrong with what we asked for.
        """
        payload = self.ask(query, **variables).get(mutation)
        if not isinstance(payload, dict):
            raise ChannelRefused(f"Shopify answered {mutation} with nothing.")
        errors = [error for name, each in payload.items() if name.lower().endswith("usererrors") for error in each]
        if errors:
            raise ChannelRefused(f"Shopify: {'; '.join(_sentence(error) for error in errors)}")
        return payload

    def _post(self, query: str, variables: Mapping[str, Any]) -> dict[str, Any]:
        document = {"query": query, "variables": variables}
        response = call(self.client, "POST", self.address, json=document, headers=self.headers)
        require_success(response, final=_FINAL)
        answer = read_json(response)
        if not isinstance(answer, dict):
            raise ChannelUnavailable("Shopify's answer is not an object.")
        return answer


def tail(gid: str) -> str:
    """gid://shopify/LineItem/42 is 42 in webhooks, and so in our orders."""
    return gid.rpartition("/")[2].partition("?")[0]


def gid(kind: str, number: str) -> str:
    return number if number.startswith("gid://") else f"gid://shopify/{kind}/{number}"


def _data_of(answer: Mapping[str, Any], errors: Any) -> dict[str, Any]:
    if errors:
        codes = {error.get("extensions", {}).get("code", "") for error in errors if isinstance(error, dict)}
        said = "; ".join(_sentence(error) for error in errors) if isinstance(errors, list) else quote(errors)
        if codes & {"INTERNAL_SERVER_ERROR", "TIMEOUT"}:
            raise ChannelUnavailable(f"Shopify: {said}")
        raise ChannelRefused(f"Shopify: {said}")
    data = answer.get("data")
    if not isinstance(data, dict):
        raise ChannelUnavailable("Shopify answered without data.")
    return data


def _is_throttled(errors: Any) -> bool:
    """By its code, or, as older answers say it, by its word."""
    return isinstance(errors, Sequence) and any(
        isinstance(error, dict)
        and (error.get("extensions", {}).get("code") == "THROTTLED" or error.get("message") == "Throttled")
        for error in errors
    )


def _bucket(answer: Mapping[str, Any]) -> tuple[float, float, float]:
    """Points that were asked for, that are there, and that come back in a second."""
    cost = (answer.get("extensions") or {}).get("cost") or {}
    status = cost.get("throttleStatus") or {}
    asked, there = cost.get("requestedQueryCost"), status.get("currentlyAvailable")
    return float(asked or 0), float(LOW if there is None else there), float(status.get("restoreRate") or 50.0)


def _pause_for(answer: Mapping[str, Any]) -> float:
    _, there, rate = _bucket(answer)
    return min(max(LOW - there, 0.0) / rate, SHORT_WAIT)


def _missing_seconds(answer: Mapping[str, Any]) -> float:
    asked, there, rate = _bucket(answer)
    return max(asked - there, rate) / rate


def _sentence(error: Any) -> str:
    if not isinstance(error, dict):
        return quote(error)
    field = ".".join(str(step) for step in error.get("field") or [])
    said = quote(error.get("message", ""), most=200)
    return f"{field}: {said}" if field else said
