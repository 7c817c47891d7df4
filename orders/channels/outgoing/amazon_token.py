"""Login with Amazon: a refresh token is exchanged for an access token, which is good for an hour and kept that long.

https://developer-docs.amazon.com/sp-api/docs/connect-to-the-selling-partner-api
"""

import hashlib
import threading
import time
from collections.abc import Callable

import httpx

from orders.channels.outgoing.calling import call, read_json, require_success
from orders.channels.outgoing.port import Access, ChannelRefused, ChannelUnavailable
from orders.channels.reasons import quote

SIGN_IN = "https://api.amazon.com/auth/o2/token"
EARLY = 60.0
"""Seconds before its end in which a token is not used any more."""


class TokenStore:
    """The tokens of this process, by whom they were given to. Losing one costs a call."""

    def __init__(self, *, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._tokens: dict[str, tuple[str, float]] = {}

    def find(self, client: httpx.Client, access: Access) -> str:
        """A token that is good for now.

        Raises:
            ChannelRefused: Amazon does not know the app, or the seller has taken its consent back.
            ChannelBusy, ChannelUnavailable
        """
        name = _name_of(access)
        with self._lock:
            token, until = self._tokens.get(name, ("", 0.0))
        if self._clock() < until:
            return token
        token, seconds = _exchange(client, access)
        with self._lock:
            self._tokens[name] = token, self._clock() + seconds - EARLY
        return token

    def forget(self, access: Access) -> None:
        """It was not accepted any more."""
        with self._lock:
            self._tokens.pop(_name_of(access), None)


def _name_of(access: Access) -> str:
    said = "\n".join([access.sign_in_url, access.account, access.secret, access.key])
    return hashlib.sha256(said.encode()).hexdigest()


def _exchange(client: httpx.Client, access: Access) -> tuple[str, float]:
    form = {
        "grant_type": "refresh_token",
        "refresh_token": access.key,
        "client_id": access.account,
        "client_secret": access.secret,
    }
    response = call(client, "POST", access.sign_in_url or SIGN_IN, data=form)
    if response.status_code in (400, 401):
        said = read_json(response)
        why = said.get("error_description") or said.get("error") if isinstance(said, dict) else ""
        raise ChannelRefused(f"Amazon does not let us sign in: {quote(why or response.status_code, most=200)}")
    require_success(response)
    answer = read_json(response)
    if not isinstance(answer, dict) or not isinstance(answer.get("access_token"), str):
        raise ChannelUnavailable("Amazon signed us in without a token.")
    return answer["access_token"], float(answer.get("expires_in") or 3600)
