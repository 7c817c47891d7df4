"""EasyPost on 127.0.0.1: its HTTP, its keys, its error shapes, its signatures, and its bad days."""

import hashlib
import hmac
import json
import unicodedata
from typing import Any, Self
from urllib.parse import urlsplit

from tests.fakes.easypost_rules import LABEL, Account, ApiError
from tests.fakes.serving import Answered, Asked, Double, Trouble

KEY = "EZTKtheonethatfits"
WEBHOOK_SECRET = "the söcret that fits"

TOO_MANY = Trouble(
    Answered(429, {"error": {"code": "RATE_LIMITED", "message": "Too many requests."}}, {"Retry-After": "7"})
)
DOWN = Trouble(Answered(503, {"error": {"code": "SERVICE_UNAVAILABLE", "message": "Down.", "errors": []}}))
GARBAGE = Trouble(Answered(502, raw=b"<html>Bad gateway</html>"))


class EasyPostServer(Double):
    def __init__(self) -> None:
        super().__init__()
        self.account = Account()

    def __enter__(self) -> Self:
        server = super().__enter__()
        self.account.url = self.url
        return server

    @property
    def api(self) -> str:
        return f"{self.url}/v2"

    def writes(self, ending: str) -> list[Any]:
        """The bodies of each POST to a path that ends so."""
        return [
            json.loads(each.body or b"{}")
            for each in self.asked
            if each.method == "POST" and each.path.endswith(ending)
        ]

    def answer(self, asked: Asked) -> Answered:
        parts = urlsplit(asked.path).path.split("/")[1:]
        if parts[0] == "labels":
            refused = Answered(403) if "authorization" in asked.headers else None  # files are signed, not keyed
            return refused or Answered(200, headers={"content-type": "application/pdf"}, raw=LABEL)
        try:
            _refuse_strangers(asked)
            return self._do(asked, parts[1:])
        except ApiError as error:
            return Answered(error.status, error.body)

    def _do(self, asked: Asked, parts: list[str]) -> Answered:
        body = asked.json() if asked.body else {}
        match asked.method, parts:
            case "POST", ["shipments"]:
                return Answered(201, self.account.create_shipment(body))
            case "GET", ["shipments"]:
                return Answered(200, {"shipments": [], "has_more": False})
            case "GET", ["shipments", id_]:
                return Answered(200, self.account.read_shipment(id_))
            case "POST", ["shipments", id_, "rerate"]:
                return Answered(200, self.account.rerate(id_))
            case "POST", ["shipments", id_, "buy"]:
                return Answered(200, self.account.buy(id_, body))
            case "POST", ["shipments", id_, "refund"]:
                return Answered(200, self.account.refund(id_))
            case "POST", ["trackers"]:
                return Answered(201, self.account.create_tracker(body))
            case "GET", ["trackers", id_]:
                return Answered(200, self.account.read_tracker(id_))
        raise ApiError(404, "NOT_FOUND", "The requested resource could not be found.")


def _refuse_strangers(asked: Asked) -> None:
    if asked.headers.get("authorization") != f"Bearer {KEY}":
        raise ApiError(401, "APIKEY.INACTIVE", "This api key is no longer active.")
    if asked.method == "POST" and asked.body and asked.headers.get("content-type") != "application/json":
        raise ApiError(400, "BAD_REQUEST", "Bodies are JSON.")


def signed_event(
    description: str, result: dict[str, Any], *, secret: str = WEBHOOK_SECRET
) -> tuple[bytes, dict[str, str]]:
    """The raw body of a webhook and its header, signed as EasyPost signs: HMAC-SHA256 of the body, in hex."""
    body = json.dumps({"id": "evt_1", "object": "Event", "description": description, "result": result}).encode()
    digest = hmac.new(unicodedata.normalize("NFKD", secret).encode(), body, hashlib.sha256).hexdigest()
    return body, {"X-Hmac-Signature": f"hmac-sha256-hex={digest}"}
