"""Fifty orders a second through the API, and two partners by webhook: how long after the event does each hear of it?"""

import http.client
import http.server
import json
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

from tests.bench.databases import CHECKOUT, ask, product_environment
from tests.bench.figures import Figure, Findings, Target
from tests.bench.ground import Ground

ORDERS_A_SECOND = 50
SECONDS = 20
PARTNERS = 2

RECORDED = "SELECT d.message_id, e.recorded_at FROM oms_webhookdelivery d JOIN oms_eventrecord e ON e.id = d.event_id"

Arrivals = list[tuple[str, float]]
"""Of each message its id, and when it arrived (seconds since 1970)."""


def measure(ground: Ground) -> Findings:
    product = ground.database("webhooks")
    requests = ground.buyers().orders(ORDERS_A_SECOND * SECONDS)
    with ground.serve(product) as site, receiver() as (port, arrivals):
        urls = [f"http://127.0.0.1:{port}/{partner}" for partner in range(PARTNERS)]
        command = [sys.executable, "-m", "tests.bench.telling", str(SECONDS + 5), *urls]
        surroundings = product_environment(product, CALL_PRIVATE_ADDRESSES="1")
        with subprocess.Popen(command, cwd=CHECKOUT, env=surroundings, stdout=subprocess.PIPE) as worker:
            assert worker.stdout is not None
            assert worker.stdout.readline() == b"ready\n"
            _place_steadily(site.port, requests)
            worker.wait(SECONDS + 60)

    recorded: dict[str, datetime] = dict(ask(product, RECORDED))
    queued = len(recorded) * PARTNERS
    assert len(arrivals) == queued, f"{queued} messages were queued, {len(arrivals)} arrived."
    lags = sorted(arrived - recorded[name].timestamp() for name, arrived in arrivals)
    return [
        Figure(
            name=f"from event to webhook, p95, at {ORDERS_A_SECOND} orders/s",
            unit="s",
            rounds=[lags[int(0.95 * len(lags))]],
            target=Target(5, 2, "lower"),
            note=f"{len(lags):,} messages to {PARTNERS} partners; median {lags[len(lags) // 2]:.2f} s, "
            f"longest {lags[-1]:.2f} s",
        )
    ]


def _place_steadily(port: int, requests: list[bytes]) -> None:
    """One after the other, each at its moment."""
    began = time.monotonic()
    with socket.create_connection(("127.0.0.1", port)) as line:
        for place, request in enumerate(requests):
            time.sleep(max(0.0, began + place / ORDERS_A_SECOND - time.monotonic()))
            line.sendall(request)
            answer = http.client.HTTPResponse(line)
            answer.begin()
            assert answer.status == 201, answer.read()
            answer.read()


@contextmanager
def receiver() -> Iterator[tuple[int, Arrivals]]:
    """A partner's server on this machine; its port, and what arrived there."""
    arrivals: Arrivals = []

    class Taker(http.server.BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            body = json.loads(self.rfile.read(int(self.headers["content-length"])))
            assert body["data"]
            arrivals.append((self.headers["webhook-id"], time.time()))
            self.send_response(200)
            self.send_header("content-length", "0")
            self.end_headers()

        def log_message(self, *_: object) -> None:
            pass

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Taker) as server:
        server.daemon_threads = True
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield server.server_port, arrivals
        server.shutdown()
