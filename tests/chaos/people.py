"""Who uses the shop while parts of it die: buyers, a warehouse, and a partner who is told by webhook.

They know the API and nothing else, and do what it tells clients to: the same request with the same key until it is
answered.
"""

import http.server
import threading
import time
from collections import Counter
from dataclasses import dataclass, field
from typing import Any

import httpx
import orjson

RETRY = 0.2
PACE = 0.15
"""Seconds that a buyer thinks: what two of them order a single packer can ship."""
NOT_YET = frozenset({408, 409, 425, 429, 500, 502, 503, 504})


@dataclass
class Client:
    """Sends until it has an answer; a 409 that will not pass is one."""

    address: str
    key: str
    stop: threading.Event
    tries: int = 0

    def __post_init__(self) -> None:
        headers = {"Authorization": f"Bearer {self.key}"}
        self.http = httpx.Client(base_url=self.address, headers=headers, timeout=20)

    def post(self, path: str, body: Any, *, label: str) -> httpx.Response | None:
        return self._send("POST", path, label=label, content=orjson.dumps(body))

    def get(self, path: str) -> httpx.Response | None:
        return self._send("GET", path)

    def _send(self, method: str, path: str, *, label: str = "", **rest: Any) -> httpx.Response | None:
        """None: the run is over and no answer came."""
        headers = {"Idempotency-Key": label, "Content-Type": "application/json"} if label else {}
        patience = 0
        while patience < 10:
            self.tries += 1
            try:
                answer = self.http.request(method, path, headers=headers, **rest)
                if answer.status_code not in NOT_YET or _is_final(answer):
                    return answer
            except httpx.HTTPError:
                pass
            time.sleep(RETRY)
            patience += self.stop.is_set()
        return None


def _is_final(answer: httpx.Response) -> bool:
    """A 409 is the state of the world, unless the first request is still running."""
    return answer.status_code == 409 and answer.json().get("code") != "idempotency_in_progress"


@dataclass
class Buyers:
    """Place orders without end; `accepted` are those that the shop has taken, by their own name."""

    client: Client
    name: str
    sku: str
    accepted: dict[str, str] = field(default_factory=dict)
    refused: Counter[str] = field(default_factory=Counter)

    def run(self) -> None:
        number = 0
        while not self.client.stop.is_set():
            time.sleep(PACE)
            number += 1
            external_id = f"{self.name}-{number}"
            answer = self.client.post("/orders", order_of(external_id, self.sku), label=external_id)
            if answer is not None and answer.status_code in (200, 201):
                self.accepted[external_id] = answer.json()["number"]
            elif answer is not None:
                self.refused[f"{answer.status_code} {answer.json().get('code')}"] += 1


@dataclass
class Warehouse:
    """Accepts and ships whatever it is asked to, a page at a time."""

    client: Client
    shipped: set[str] = field(default_factory=set)
    refused: Counter[str] = field(default_factory=Counter)

    def run(self) -> None:
        while not self.client.stop.is_set():
            if not self.work_once():
                time.sleep(0.3)

    def work_once(self) -> int:
        """One page of what is new, and of what was begun; how many parcels were sent."""
        sent = 0
        for status in ("IN_PROGRESS", "OPEN"):
            answer = self.client.get(f"/fulfillments?status={status}&limit=50")
            if answer is not None and answer.status_code == 200:
                sent += sum(self._send(each["id"]) for each in answer.json()["results"] if has_label(each))
        return sent

    def _send(self, number: str) -> bool:
        for verb in ("acceptance", "shipment"):
            answer = self.client.post(f"/fulfillments/{number}/{verb}", {}, label=f"{number}-{verb}")
            if answer is None or answer.status_code >= 300:
                self.refused[f"{verb} {answer.status_code if answer is not None else 'no answer'}"] += 1
                return False
        self.shipped.add(number)
        return True


class _Server(http.server.ThreadingHTTPServer):
    def handle_error(self, *_: object) -> None:
        """Who speaks with it is killed in the middle of a word: that is the point."""


class Ear:
    """A partner's server. It notes every message by its id, and what it said."""

    def __init__(self) -> None:
        self.heard: Counter[str] = Counter()
        self.said: dict[str, str] = {}
        self.changed: set[str] = set()
        self._lock = threading.Lock()
        ear = self

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
                ear.hear(self.headers.get("webhook-id", ""), body)
                self.send_response(204)
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, *_: object) -> None:
                """Nobody reads it."""

        self.server = _Server(("127.0.0.1", 0), Handler)
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.server.server_port}/hooks"

    def hear(self, message: str, body: bytes) -> None:
        """The same event each time; the resource in it is as it stands when it is sent."""
        told = orjson.loads(body)
        event = f"{told['type']} {told['timestamp']} {told['data'].get('sequence')}"
        with self._lock:
            self.heard[message] += 1
            if self.said.setdefault(message, event) != event:
                self.changed.add(message)

    def close(self) -> None:
        self.server.shutdown()
        self.server.server_close()


def has_label(fulfillment: Any) -> bool:
    """Nobody hands a parcel over that bears none."""
    return bool(fulfillment["label"]) and fulfillment["label"]["state"] == "BOUGHT"


def order_of(external_id: str, sku: str) -> dict[str, Any]:
    return {
        "channel": "web",
        "external_id": external_id,
        "placed_at": "2026-11-21T09:30:00Z",
        "currency": "EUR",
        "tax_included": True,
        "customer": {"email": f"{external_id}@example.com", "name": "Ada Meier"},
        "shipping_address": {
            "name": "Ada Meier",
            "line1": "Torstr. 1",
            "city": "Berlin",
            "postal_code": "10119",
            "country": "DE",
        },
        "lines": [{"external_id": "l1", "sku": sku, "quantity": 2, "unit_price": "19.90"}],
        "payment": {"status": "PAID", "gateway": "sandbox", "reference": f"p-{external_id}"},
    }
