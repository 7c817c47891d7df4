"""One HTTP call, with every way in which it can go wrong said in the words of the port."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from email.utils import parsedate_to_datetime
from math import isfinite
from time import time
from typing import Any

import httpx
import orjson

from oms.outside import AddressRefused, open_client
from orders.channels.outgoing.port import Access, ChannelBusy, ChannelRefused, ChannelUnavailable
from orders.channels.reasons import quote

LARGEST_ANSWER = 10 * 2**20
LONGEST_WAIT = 6 * 3600.0
USUAL_WAIT = 30.0


_kept: ContextVar[dict[tuple[float, bool], httpx.Client] | None] = ContextVar("kept", default=None)


@contextmanager
def keep_connections() -> Iterator[None]:
    """Conversations with one system that follow each other in here use one connection: half the work for both sides."""
    kept: dict[tuple[float, bool], httpx.Client] = {}
    before = _kept.set(kept)
    try:
        yield
    finally:
        _kept.reset(before)
        for client in kept.values():
            client.close()


@contextmanager
def connect(access: Access) -> Iterator[httpx.Client]:
    """A client for one conversation with that system. It remembers nothing of the one before."""
    kept, how = _kept.get(), (access.timeout, access.allow_private)
    if kept is None:
        with open_client(timeout=access.timeout, allow_private=access.allow_private) as client:
            yield client
        return
    if how not in kept:
        kept[how] = open_client(timeout=access.timeout, allow_private=access.allow_private)
    try:
        yield kept[how]
    finally:
        kept[how].cookies.clear()


def call(client: httpx.Client, method: str, url: str, **request: Any) -> httpx.Response:
    """The answer, whatever its status, as long as it came whole and from the right side.

    Raises:
        ChannelRefused: the address is not one that we call.
        ChannelUnavailable: no answer.
    """
    try:
        with client.stream(method, url, **request) as response:
            body = bytearray()
            for piece in response.iter_bytes():
                body += piece
                if len(body) > LARGEST_ANSWER:
                    raise ChannelUnavailable("Its answer is larger than 10 MiB.")
    except AddressRefused as refused:
        raise ChannelRefused(str(refused)) from refused
    except httpx.TimeoutException as error:
        raise ChannelUnavailable("It did not answer in time.") from error
    except (httpx.InvalidURL, httpx.UnsupportedProtocol, UnicodeError) as error:
        raise ChannelRefused("The address is not one that can be called.") from error
    except httpx.HTTPError as error:
        raise ChannelUnavailable(f"It could not be reached ({type(error).__name__}).") from error
    return httpx.Response(response.status_code, headers=_plain(response.headers), content=bytes(body))


def _plain(headers: httpx.Headers) -> dict[str, str]:
    """The body is unpacked already."""
    return {name: value for name, value in headers.items() if name not in ("content-encoding", "content-length")}


def require_success(response: httpx.Response, *, final: Mapping[int, str] | None = None) -> None:
    """Let through 2xx. `final`: sentences for statuses that asking again does not change.

    Raises:
        ChannelBusy, ChannelUnavailable, ChannelRefused.
    """
    status = response.status_code
    if 200 <= status < 300:
        return
    if status == 429:
        raise ChannelBusy("It asks us to slow down.", retry_after=read_wait(response.headers))
    if status >= 500 or status in (408, 425):
        raise ChannelUnavailable(f"It answered {status}.")
    if 300 <= status < 400:
        raise ChannelRefused(f"It answered {status}: the address has moved; enter the one it moved to.")
    raise ChannelRefused((final or {}).get(status) or f"It answered {status}: {quote(response.text, most=200)}")


def read_wait(headers: Mapping[str, str]) -> float:
    """Seconds from Retry-After, which is a number or a date (RFC 9110)."""
    said = headers.get("retry-after", "").strip()
    try:
        seconds = float(said)
    except ValueError:
        try:
            seconds = parsedate_to_datetime(said).timestamp() - time()
        except (ValueError, TypeError, IndexError):
            seconds = USUAL_WAIT
    return min(max(seconds, 1.0), LONGEST_WAIT) if isfinite(seconds) else USUAL_WAIT


def read_json(response: httpx.Response) -> Any:
    """The body.

    Raises:
        ChannelUnavailable: it is not JSON: a proxy's page, a plugin's warning in front of it.
    """
    try:
        return orjson.loads(response.content)
    except orjson.JSONDecodeError as error:
        raise ChannelUnavailable("Its answer is not JSON.") from error
