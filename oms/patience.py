"""How long one call of another system may take altogether.

httpx limits each wait. Who sends one byte every few seconds would keep us for hours: here each wait gets what is left.
"""

import ssl
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import httpcore


class _Clock(threading.local):
    ends_at: float | None = None


_clock = _Clock()


@contextmanager
def within(seconds: float) -> Iterator[None]:
    """Whatever this thread asks of a `PatientBackend` inside takes no longer than this altogether."""
    before, _clock.ends_at = _clock.ends_at, time.monotonic() + seconds
    try:
        yield
    finally:
        _clock.ends_at = before


def _left(timeout: float | None, expired: Callable[[], Exception]) -> float | None:
    if _clock.ends_at is None:
        return timeout
    left = _clock.ends_at - time.monotonic()
    if left <= 0:
        raise expired()
    return left if timeout is None else min(timeout, left)


class _Stream(httpcore.NetworkStream):
    def __init__(self, stream: httpcore.NetworkStream) -> None:
        self._stream = stream

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return self._stream.read(max_bytes, _left(timeout, httpcore.ReadTimeout))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._stream.write(buffer, _left(timeout, httpcore.WriteTimeout))

    def close(self) -> None:
        self._stream.close()

    def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore.NetworkStream:
        left = _left(timeout, httpcore.ConnectTimeout)
        return _Stream(self._stream.start_tls(ssl_context, server_hostname, left))

    def get_extra_info(self, info: str) -> Any:
        return self._stream.get_extra_info(info)


class PatientBackend(httpcore.SyncBackend):
    """httpcore's own network, with an end to each call."""

    def connect_tcp(self, host: str, port: int, timeout: float | None = None, **named: Any) -> httpcore.NetworkStream:  # type: ignore[override]
        return _Stream(super().connect_tcp(host, port, _left(timeout, httpcore.ConnectTimeout), **named))
