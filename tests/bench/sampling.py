"""Where the time of a request goes: `python -m tests.bench.sampling FILE`, a file as the load generator takes it.

They run through the product's WSGI application in this one program: a quarter to warm up, a quarter for the time, a
quarter with each statement timed, and a quarter with a thread that looks a thousand times a second where the other one
stands. The answer is one line of JSON.
"""

import io
import json
import sys
import threading
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType
from typing import Any

import tests.bench.django_ready  # noqa: F401

# isort: split
from django.db import connection

from config.wsgi import application
from tests.bench.load import read_requests

INTERVAL = 0.001
CHECKOUT = Path(__file__).resolve().parent.parent.parent
OURS = tuple(f"{CHECKOUT / app}/" for app in ("oms", "inventory", "orders", "returns", "upsell", "config"))
WAITING, PSYCOPG = "waiting for PostgreSQL", "psycopg: parameters out, rows in"
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


class Stopwatch:
    """Adds up what statements and commits take: seconds waited in Python, and CPU seconds of PostgreSQL's backend."""

    def __init__(self) -> None:
        self.waited: dict[str, float] = defaultdict(float)
        self.worked: dict[str, float] = defaultdict(float)
        self._backend = Path(f"/proc/{connection.connection.info.backend_pid}/schedstat")

    @contextmanager
    def running(self) -> Iterator[None]:
        django: Any = connection  # its type hints do not know `_commit`
        commit = django._commit
        django._commit = lambda: self._take("COMMIT", commit)
        try:
            with connection.execute_wrapper(lambda run, text, *rest: self._take(text, lambda: run(text, *rest))):
                yield
        finally:
            django._commit = commit

    def _take(self, text: str, work: Callable[[], Any]) -> Any:
        worked, started = self._cpu(), time.perf_counter()
        try:
            return work()
        finally:
            self.waited[text] += time.perf_counter() - started
            self.worked[text] += self._cpu() - worked

    def _cpu(self) -> float:
        """Nanoseconds on a CPU are the first number there; without such a file the server's CPU stays 0."""
        try:
            return int(self._backend.read_text().split()[0]) / 1e9
        except OSError:
            return 0.0


@contextmanager
def watched(seen: Counter[str]) -> Iterator[None]:
    """Looks a thousand times a second where this thread stands, and counts the time since the look before."""
    watched_thread, over = threading.get_ident(), threading.Event()

    def look() -> None:
        before = time.perf_counter_ns()
        while not over.wait(INTERVAL):
            place, now = _place(sys._current_frames()[watched_thread]), time.perf_counter_ns()
            seen[place] += now - before
            before = now

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
    """The innermost function of our own, unless the time is libpq's or psycopg's; both wait for PostgreSQL."""
    while frame:
        name = frame.f_code.co_filename
        if "/psycopg/" in name or "psycopg_binary" in name:
            return WAITING if frame.f_code.co_name == "wait" else PSYCOPG
        if name.endswith("oms/prepared.py"):
            return WAITING if frame.f_code.co_name == "_send" else PSYCOPG
        if name.startswith(OURS) and not name.endswith("oms/sql.py"):
            return f"{Path(name).relative_to(CHECKOUT)} {frame.f_code.co_name}"
        frame = frame.f_back
    return AROUND


def main() -> None:
    requests = read_requests(Path(sys.argv[1]))
    quarter = len(requests) // 4
    play(requests[:quarter])  # plans are made, modules are loaded
    used = time.process_time()
    plain = play(requests[quarter : 2 * quarter])
    used = time.process_time() - used
    stopwatch = Stopwatch()
    with stopwatch.running():
        play(requests[2 * quarter : 3 * quarter])
    seen: Counter[str] = Counter()
    with watched(seen):
        play(requests[3 * quarter :])
    print(
        json.dumps(
            {
                "milliseconds": plain,
                "cpu": used / quarter * 1_000,
                "statements": [
                    [text, waited / quarter * 1_000, stopwatch.worked[text] / quarter * 1_000]
                    for text, waited in stopwatch.waited.items()
                ],
                "places": {place: count / seen.total() for place, count in seen.most_common()},
            }
        )
    )


if __name__ == "__main__":
    main()
