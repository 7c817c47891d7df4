"""One attempt: a POST to a partner's address, with every way in which it can go wrong as a value."""

import time
from datetime import datetime
from email.utils import parsedate_to_datetime
from math import isfinite

import httpx

from oms.outside import AddressRefused
from oms.patience import within
from oms.policies.webhooks import Outcome

SECONDS = 15.0
"""For one attempt altogether, the answer included."""
EXCERPT = 1_000
"""So many bytes of an answer are kept; more are not even read."""
LONGEST_WAIT = 24 * 3600.0


def call_endpoint(client: httpx.Client, url: str, *, headers: dict[str, str], body: bytes, at: datetime) -> Outcome:
    """The outcome, whatever it is. `at` is what Retry-After is reckoned from when it is a date."""
    started = time.monotonic()

    def ended(status: int | None, error: str = "", excerpt: str = "", wait: float | None = None) -> Outcome:
        milliseconds = int((time.monotonic() - started) * 1000)
        return Outcome(status, error[:500], excerpt, milliseconds, wait)

    try:
        with within(SECONDS), client.stream("POST", url, content=body, headers=headers) as response:
            status, excerpt = response.status_code, _read_start(response)
        return ended(status, _describe(status), excerpt, read_wait(response.headers.get("retry-after", ""), at=at))
    except AddressRefused as refused:
        return ended(None, str(refused))
    except httpx.TimeoutException:
        return ended(None, f"It did not answer within {SECONDS:.0f} seconds.")
    except (httpx.InvalidURL, httpx.UnsupportedProtocol, UnicodeError):
        return ended(None, "The address is not one that can be called.")
    except httpx.ConnectError as error:
        return ended(None, f"No connection: {error}")
    except httpx.HTTPError as error:
        return ended(None, f"The connection broke off ({type(error).__name__}).")


def _read_start(response: httpx.Response) -> str:
    """Text for people: whatever bytes came, without what PostgreSQL cannot store."""
    start = b""
    try:
        for piece in response.iter_raw(EXCERPT):
            start += piece
            if len(start) >= EXCERPT:
                break
    except httpx.HTTPError:
        pass  # the status has arrived, and it alone decides
    return start[:EXCERPT].decode(errors="replace").replace("\x00", "�")


def _describe(status: int) -> str:
    if 200 <= status < 300:
        return ""
    if 300 <= status < 400:
        return f"It answered {status}: the address has moved. Redirects are not followed; enter the new one."
    return f"It answered {status}."


def read_wait(said: str, *, at: datetime) -> float | None:
    """Seconds from Retry-After, which is a number or a date (RFC 9110); None when it says nothing that makes sense."""
    try:
        seconds = float(said)
    except ValueError:
        try:
            seconds = parsedate_to_datetime(said).timestamp() - at.timestamp()
        except (ValueError, TypeError, IndexError):
            return None
    return min(max(seconds, 0.0), LONGEST_WAIT) if isfinite(seconds) else None
