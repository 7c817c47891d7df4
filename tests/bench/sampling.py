"""Where the time of a request goes: `python -m tests.bench.sampling FILE`, with requests as the load generator takes them.

They run through the product's WSGI application in this one program, three times over: as they are, for the time; with
each statement timed; and with a thread that looks a thousand times a second where the other one stands. The answer is
one line of JSON.
"""

import io
import json
import sys
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType

import tests.bench.django_ready  # noqa: F401

# isort: split
from django.db import connection

from config.wsgi import application
from tests.bench.load import read_requests

INTERVAL = 0.001
CHECKOUT = Path(__file__).resolve().parent.parent.parent
OURS = tuple(f"{CHECKOUT / app}/" for app in ("oms", "inventory", "orders", "returns", "upsell", "config"))
WAITING = "PostgreSQL, and psycopg waiting for it"
AROUND = "Django, before and after the view"


def play(requests: list[bytes]) -> float:
    """Milliseconds that one took."""
    started = time.perf_counter()
    for request in requests:
        statuses: list[str] = []
        answer = application(_environ(request), lambda status, headers, said=statuses: said.append(status))
        body = b"".join(answer)
        if hasattr(answer, "close"):
            answer.close()
        if not statuses[0].startswith("2"):
            raise RuntimeError(f"{statuses[0]}: {body[:500].decode()}")
    return (time.perf_counter() - started) / len(requests) * 1_000


def _environ(request: bytes) -> dict[str, object]:
    head, _, body = request.partition(b"\r\n\r\n")
    first, *lines = head.decode().split("\r\n")
    method, target, _ = first.split(" ")
    path, _, query = target.partition("?")
    environ: dict[str, object] = {
        "REQUEST_METHOD": method,
        "PATH_INFO": path,
        "QUERY_STRING": query,
        "SERVER_NAME": "127.0.0.1",
        "SERVER_PORT": "80",
        "SERVER_PROTOCOL": "HTTP/1.1",
        "REMOTE_ADDR": "127.0.0.1",
        "wsgi.url_scheme": "http",
        "wsgi.input": io.BytesIO(body),
        "wsgi.errors": sys.stderr,
    }
    for line in lines:
        name, _, value = line.partition(": ")
        name = name.upper().replace("-", "_")
        environ[name if name in ("CONTENT_TYPE", "CONTENT_LENGTH") else f"HTTP_{name}"] = value
    return environ


@contextmanager
def timed_statements(seconds: Counter[str]) -> Iterator[None]:
    """Adds up what each statement and the commits take, as seen from Python."""

    def execute(run, statement, parameters, many, context):  # type: ignore[no-untyped-def]
        started = time.perf_counter()
        try:
            return run(statement, parameters, many, context)
        finally:
            seconds[statement] += time.perf_counter() - started

    commit = connection._commit

    def timed_commit() -> None:
        started = time.perf_counter()
        commit()
        seconds["COMMIT"] += time.perf_counter() - started

    connection._commit = timed_commit  # type: ignore[method-assign]
    try:
        with connection.execute_wrapper(execute):
            yield
    finally:
        connection._commit = commit  # type: ignore[method-assign]


@contextmanager
def watched(seen: Counter[str]) -> Iterator[None]:
    """Counts where this thread stands, a thousand times a second."""
    watched_thread, over = threading.get_ident(), threading.Event()

    def look() -> None:
        while not over.wait(INTERVAL):
            seen[_place(sys._current_frames()[watched_thread])] += 1

    looking = threading.Thread(target=look, daemon=True)
    interval = sys.getswitchinterval()
    sys.setswitchinterval(INTERVAL / 200)  # it gets its look at once, not when the other one happens to wait
    looking.start()
    try:
        yield
    finally:
        over.set()
        looking.join()
        sys.setswitchinterval(interval)


def _place(frame: FrameType | None) -> str:
    """The innermost function of our own, unless the time is psycopg's."""
    while frame:
        name = frame.f_code.co_filename
        if "/psycopg/" in name or "psycopg_binary" in name:
            return WAITING
        if name.startswith(OURS) and not name.endswith("oms/sql.py"):
            return f"{Path(name).relative_to(CHECKOUT)} {frame.f_code.co_name}"
        frame = frame.f_back
    return AROUND


def main() -> None:
    requests = read_requests(Path(sys.argv[1]))
    third = len(requests) // 4
    play(requests[:third])  # plans are made, modules are loaded
    plain = play(requests[third : 2 * third])
    seconds: Counter[str] = Counter()
    with timed_statements(seconds):
        play(requests[2 * third : 3 * third])
    seen: Counter[str] = Counter()
    with watched(seen):
        play(requests[3 * third :])
    print(
        json.dumps(
            {
                "milliseconds": plain,
                "statements": [[text, spent / third * 1_000] for text, spent in seconds.items()],
                "places": {place: count / seen.total() for place, count in seen.most_common()},
            }
        )
    )


if __name__ == "__main__":
    main()
