"""A load generator: `python -m tests.bench.load`, told what to do by one line of JSON, answering with another.

HTTP/1.1 over kept-alive connections, the requests ready as bytes in a file; nothing is parsed of an answer but its
status and its length. It costs some 40 µs of CPU a request and says how much it used, so that nobody has to believe it.
"""

import json
import resource
import selectors
import socket
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path

BLANK_LINE = b"\r\n\r\n"
LENGTH = b"content-length:"


@dataclass(frozen=True)
class Assignment:
    """What to do: a file of requests, each in front of it its length in 4 bytes, sent in turn until time is up."""

    port: int
    connections: int
    seconds: float
    requests: str
    repeat: bool = False  # begin anew at the end of the file; otherwise that is the end


@dataclass
class Tally:
    sent: int = 0
    statuses: dict[int, int] = field(default_factory=dict)
    milliseconds: list[float] = field(default_factory=list)
    first_trouble: str = ""
    last: "Line | None" = None


@dataclass(eq=False)
class Line:
    """One connection: one request at a time."""

    socket: socket.socket
    sent_at: float = 0.0
    answer: bytearray = field(default_factory=bytearray)
    wants: int = 0  # bytes of the whole answer, 0 while its head is not here

    def send(self, request: bytes) -> None:
        self.answer.clear()
        self.wants = 0
        self.sent_at = time.perf_counter()
        self.socket.sendall(request)

    def receive(self) -> bool:
        """Take what has arrived; True when the answer is whole."""
        piece = self.socket.recv(262_144)
        if not piece:
            raise ConnectionResetError("The server closed a connection that was in use.")
        self.answer += piece
        if not self.wants:
            end = self.answer.find(BLANK_LINE)
            if end < 0:
                return False
            head = bytes(self.answer[:end]).lower()
            at = head.index(LENGTH) + len(LENGTH)
            self.wants = end + len(BLANK_LINE) + int(head[at:].split(b"\r\n", 1)[0])
        return len(self.answer) >= self.wants

    @property
    def status(self) -> int:
        return int(self.answer[9:12])


def drive(assignment: Assignment, requests: list[bytes]) -> dict[str, object]:
    with selectors.DefaultSelector() as selector:
        lines = [Line(socket.create_connection(("127.0.0.1", assignment.port))) for _ in range(assignment.connections)]
        for line in lines:
            line.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            selector.register(line.socket, selectors.EVENT_READ, line)
        used, started = _cpu(), time.perf_counter()
        tally = _exchange(assignment, requests, lines, selector)
        seconds = time.perf_counter() - started
        used = _cpu() - used
        for line in lines:
            line.socket.close()
    return {
        "seconds": seconds,
        "cpu_seconds": used,
        "statuses": tally.statuses,
        "milliseconds": sorted(tally.milliseconds),
        "first_trouble": tally.first_trouble,
        "last_answer": tally.last.answer.split(BLANK_LINE, 1)[1].decode() if tally.last else "",
    }


def _exchange(
    assignment: Assignment, requests: list[bytes], lines: list[Line], selector: selectors.BaseSelector
) -> Tally:
    tally = Tally()
    deadline = time.perf_counter() + assignment.seconds
    busy = 0
    for line in lines:
        busy += _send_next(assignment, requests, line, tally)
    while busy:
        for key, _ in selector.select():
            line = key.data
            if not line.receive():
                continue
            busy -= 1
            now = time.perf_counter()
            _note(tally, line, now)
            if now < deadline:
                busy += _send_next(assignment, requests, line, tally)
    return tally


def _send_next(assignment: Assignment, requests: list[bytes], line: Line, tally: Tally) -> int:
    if tally.sent >= len(requests) and not assignment.repeat:
        return 0
    line.send(requests[tally.sent % len(requests)])
    tally.sent += 1
    return 1


def _note(tally: Tally, line: Line, now: float) -> None:
    status = line.status
    tally.statuses[status] = tally.statuses.get(status, 0) + 1
    tally.milliseconds.append((now - line.sent_at) * 1000)
    if status >= 400 and not tally.first_trouble:
        tally.first_trouble = line.answer.decode(errors="replace")[:2000]
    tally.last = line


def _cpu() -> float:
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


def read_requests(path: Path) -> list[bytes]:
    text, requests, place = path.read_bytes(), [], 0
    while place < len(text):
        length = int.from_bytes(text[place : place + 4], "big")
        requests.append(text[place + 4 : place + 4 + length])
        place += 4 + length
    return requests


def write_requests(path: Path, requests: list[bytes]) -> None:
    path.write_bytes(b"".join(len(request).to_bytes(4, "big") + request for request in requests))


if __name__ == "__main__":
    told = Assignment(**json.loads(sys.stdin.readline()))
    print(json.dumps(drive(told, read_requests(Path(told.requests)))))
