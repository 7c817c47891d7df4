"""A local HTTP server that stands in for somebody else's: it answers by their rules, and has their bad days."""

import json
import threading
import time
from abc import ABC, abstractmethod
from collections import deque
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Self


@dataclass(frozen=True)
class Asked:
    """One request as it came in; header names in lower case."""

    method: str
    path: str
    headers: dict[str, str]
    body: bytes

    def json(self) -> Any:
        return json.loads(self.body)


@dataclass(frozen=True)
class Answered:
    status: int = 200
    document: Any = None
    headers: dict[str, str] = field(default_factory=dict)
    raw: bytes | None = None

    def body(self) -> bytes:
        return self.raw if self.raw is not None else json.dumps(self.document).encode()


@dataclass(frozen=True)
class Trouble:
    """A bad day. `done`: the work is done all the same; `silent`: no answer at all, the connection just ends."""

    answer: Answered = field(default_factory=lambda: Answered(500, {"error": "broken"}))
    done: bool = False
    silent: bool = False
    slow: float = 0.0


class Double(ABC):
    """Runs in a thread of its own while it is entered; `answer` is what subclasses know."""

    def __init__(self) -> None:
        self.asked: list[Asked] = []
        self.troubles: deque[Trouble | None] = deque()
        self._lock = threading.Lock()

    def __enter__(self) -> Self:
        double = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def handle_one(self) -> None:
                size = int(self.headers.get("content-length") or 0)
                named = {name.lower(): value for name, value in self.headers.items()}
                double._serve(self, Asked(self.command, self.path, named, self.rfile.read(size)))

            def log_message(self, *_: Any) -> None:
                pass

        for method in ("GET", "POST", "PUT", "PATCH", "DELETE"):
            setattr(Handler, f"do_{method}", Handler.handle_one)
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.01,), daemon=True)
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._server.server_port}"

    def have_trouble(self, *troubles: Trouble | None) -> None:
        """What happens to the next requests, one each; None: that one goes well."""
        self.troubles.extend(troubles)

    @abstractmethod
    def answer(self, asked: Asked) -> Answered:
        """What this system says to a request; each double keeps the rules of its own."""

    def _serve(self, handler: BaseHTTPRequestHandler, asked: Asked) -> None:
        with self._lock:
            self.asked.append(asked)
            trouble = self.troubles.popleft() if self.troubles else None
            answered = self.answer(asked) if trouble is None or trouble.done else trouble.answer
        if trouble and trouble.slow:
            time.sleep(trouble.slow)
        if trouble and trouble.silent:
            handler.close_connection = True
            return
        self._say(handler, trouble.answer if trouble and not trouble.slow else answered)

    def _say(self, handler: BaseHTTPRequestHandler, answered: Answered) -> None:
        body = answered.body()
        try:
            handler.send_response(answered.status)
            for name, value in ({"content-type": "application/json"} | answered.headers).items():
                handler.send_header(name, value)
            handler.send_header("content-length", str(len(body)))
            handler.end_headers()
            handler.wfile.write(body)
        except (BrokenPipeError, ConnectionResetError):
            handler.close_connection = True


LOST = Trouble(done=True, silent=True)
"""The work is done, the answer never arrives."""
GONE = Trouble(silent=True)
"""Nothing is done, and nobody says so."""
BROKEN = Trouble()
SLOW_DOWN = Trouble(Answered(429, {"errors": "Too many requests"}, {"Retry-After": "7"}))
