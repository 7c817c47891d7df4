"""What Stripe's API reference says of checkout pages, payments and refunds, as far as we use them: a strict account.

Refuses what Stripe refuses. Times are UNIX seconds, amounts whole numbers of the currency's smallest unit.
"""

import itertools
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

NO_DECIMALS = set("bif clp djf gnf jpy kmf krw mga pyg rwf vnd vuv xaf xof xpf".split())
WHOLE_ONLY, THREE_DECIMALS = {"isk", "ugx"}, {"bhd", "jod", "kwd", "omr", "tnd"}
KNOWN_CURRENCIES = NO_DECIMALS | WHOLE_ONLY | THREE_DECIMALS | set("eur usd gbp chf sek pln huf twd".split())
SMALLEST = {"eur": 50, "usd": 50, "gbp": 30, "jpy": 50}
SHORTEST, LONGEST = 30 * 60, 24 * 3600
REASONS = {"duplicate", "fraudulent", "requested_by_customer"}
SESSION_PARAMETERS = set(
    "mode client_reference_id metadata payment_intent_data line_items success_url cancel_url expires_at"
    " adaptive_pricing customer_email locale".split()
)
REFUND_PARAMETERS = {"payment_intent", "charge", "amount", "reason", "metadata"}

Object = dict[str, Any]


class ApiError(Exception):
    """An answer in Stripe's error shape. `stored`: it counts as the answer to its idempotency key."""

    def __init__(self, status: int, message: str, *, type: str = "invalid_request_error", stored: bool = False, **more):
        super().__init__(message)
        self.status = status
        self.body = {"error": {"type": type, "message": message, **more}}
        self.stored = stored


@dataclass
class Account:
    """One account and what is in it. `refunds_end_as` is the status that a new refund gets."""

    now: Callable[[], float] = time.time
    sessions: dict[str, Object] = field(default_factory=dict)
    intents: dict[str, Object] = field(default_factory=dict)
    refunds: dict[str, Object] = field(default_factory=dict)
    events: list[Object] = field(default_factory=list)
    refunds_end_as: str = "succeeded"
    _numbers: Any = field(default_factory=lambda: itertools.count(1))

    def create_session(self, params: Mapping[str, Any]) -> Object:
        refuse_unknown(params, SESSION_PARAMETERS)
        if params.get("mode") != "payment":
            raise ApiError(400, "You must pass a supported `mode`.", param="mode")
        require(params, "success_url", "line_items")
        currency, amount = read_lines(params["line_items"])
        expires_at = int(params.get("expires_at") or self.now() + LONGEST)
        if not self.now() + SHORTEST <= expires_at <= self.now() + LONGEST:
            message = "The `expires_at` timestamp must be at least 30 minutes and less than 24 hours from creation."
            raise ApiError(400, message, param="expires_at")
        id_ = self._id("cs_test_")
        self.sessions[id_] = {
            "id": id_,
            "object": "checkout.session",
            "status": "open",
            "payment_status": "unpaid",
            "payment_intent": None,
            "amount_total": amount,
            "currency": currency,
            "client_reference_id": params.get("client_reference_id"),
            "metadata": params.get("metadata", {}),
            "url": f"https://checkout.stripe.com/c/pay/{id_}",
            "expires_at": expires_at,
            "success_url": params["success_url"],
        }
        return self.sessions[id_]

    def read_session(self, id_: str) -> Object:
        session = find(self.sessions, id_, "checkout.session")
        if session["status"] == "open" and session["expires_at"] <= self.now():
            self._end_session(session)
        return session

    def expire_session(self, id_: str) -> Object:
        session = self.read_session(id_)
        if session["status"] != "open":
            message = f"Only Checkout Sessions with a status in open can be expired, not {session['status']}."
            raise ApiError(400, message)
        return self._end_session(session)

    def pay(self, id_: str, *, later: bool = False) -> Object:
        """The customer pays on the page; `later`: by a way that takes days. The event that tells of it."""
        session = self.read_session(id_)
        if session["status"] != "open":
            raise ApiError(400, "This Checkout Session has expired.")
        intent = self.take(session["amount_total"], session["currency"])
        session |= {"status": "complete", "payment_intent": intent["id"], "url": None}
        session["payment_status"] = "unpaid" if later else "paid"
        return self.tell("checkout.session.completed", session)

    def take(self, amount: int, currency: str) -> Object:
        """Money that is there, by whatever way."""
        id_ = self._id("pi_test_")
        self.intents[id_] = {"id": id_, "object": "payment_intent", "amount": amount, "currency": currency}
        return self.intents[id_]

    def create_refund(self, params: Mapping[str, Any]) -> Object:
        refuse_unknown(params, REFUND_PARAMETERS)
        if ("payment_intent" in params) == ("charge" in params):
            raise ApiError(400, "One of the following params should be provided: charge, payment_intent.")
        if params.get("reason") not in {None, *REASONS}:
            raise ApiError(400, "Invalid reason: must be one of duplicate, fraudulent, or requested_by_customer.")
        intent = find(self.intents, params.get("payment_intent", ""), "payment_intent")
        left = intent["amount"] - self._returned(intent["id"])
        amount = int(params.get("amount", left))
        refuse_impossible(amount, intent["currency"])
        if left <= 0:
            raise ApiError(400, "Charge has already been refunded.", code="charge_already_refunded", stored=True)
        if amount > left:
            message = f"Refund amount ({amount}) is greater than unrefunded amount on charge ({left})."
            raise ApiError(400, message, param="amount", stored=True)
        id_ = self._id("re_test_")
        self.refunds[id_] = {
            "id": id_,
            "object": "refund",
            "amount": amount,
            "currency": intent["currency"],
            "payment_intent": intent["id"],
            "charge": None,
            "metadata": params.get("metadata", {}),
            "reason": params.get("reason"),
            "status": self.refunds_end_as,
            "failure_reason": "insufficient_funds" if self.refunds_end_as == "failed" else None,
        }
        self.tell("refund.created", self.refunds[id_])
        return self.refunds[id_]

    def read_refund(self, id_: str) -> Object:
        return find(self.refunds, id_, "refund")

    def list_refunds(self, params: Mapping[str, Any]) -> Object:
        """Newest first, at most `limit` of them after `starting_after`."""
        limit = int(params.get("limit", 10))
        found = [each for each in reversed(self.refunds.values()) if each["payment_intent"] == params["payment_intent"]]
        if after := params.get("starting_after"):
            found = found[[each["id"] for each in found].index(after) + 1 :]
        return {"object": "list", "url": "/v1/refunds", "has_more": len(found) > limit, "data": found[:limit]}

    def end_refund(self, id_: str, status: str, *, reason: str | None = None) -> Object:
        """A refund that took its time ends; the event that tells of it."""
        self.refunds[id_] |= {"status": status, "failure_reason": reason}
        return self.tell("refund.failed" if status == "failed" else "refund.updated", self.refunds[id_])

    def dispute(self, intent: str, reason: str = "fraudulent") -> Object:
        amount, currency = self.intents[intent]["amount"], self.intents[intent]["currency"]
        dispute = {"id": self._id("dp_test_"), "object": "dispute", "amount": amount, "currency": currency}
        return self.tell("charge.dispute.created", dispute | {"payment_intent": intent, "reason": reason})

    def tell(self, type_: str, about: Object) -> Object:
        event = {
            "id": self._id("evt_test_"),
            "object": "event",
            "type": type_,
            "created": int(self.now()),
            "livemode": False,
            "data": {"object": dict(about)},
        }
        self.events.append(event)
        return event

    def returned(self) -> int:
        """All that has gone back."""
        return sum(self._returned(intent) for intent in self.intents)

    def _returned(self, intent: str) -> int:
        gone = [each for each in self.refunds.values() if each["status"] not in ("failed", "canceled")]
        return sum(each["amount"] for each in gone if each["payment_intent"] == intent)

    def _end_session(self, session: Object) -> Object:
        session |= {"status": "expired", "url": None}
        self.tell("checkout.session.expired", session)
        return session

    def _id(self, prefix: str) -> str:
        return f"{prefix}{next(self._numbers):06}"


def find(things: Mapping[str, Object], id_: str, kind: str) -> Object:
    if id_ not in things:
        raise ApiError(404, f"No such {kind}: '{id_}'", code="resource_missing")
    return things[id_]


def require(params: Mapping[str, Any], *names: str) -> None:
    for name in names:
        if not params.get(name):
            raise ApiError(400, f"Missing required param: {name}.", param=name, code="parameter_missing")


def refuse_unknown(params: Mapping[str, Any], known: set[str]) -> None:
    if unknown := sorted(set(params) - known):
        raise ApiError(400, f"Received unknown parameter: {unknown[0]}", param=unknown[0], code="parameter_unknown")


def read_lines(lines: Mapping[str, Any]) -> tuple[str, int]:
    """Currency and sum of the page's lines."""
    total, currencies = 0, set()
    for line in lines.values():
        price = line["price_data"]
        require(price, "currency", "unit_amount", "product_data")
        require(price["product_data"], "name")
        currencies.add(price["currency"])
        total += int(price["unit_amount"]) * int(line["quantity"])
    (currency,) = currencies
    refuse_impossible(total, currency)
    if total < SMALLEST.get(currency, 1):
        message = "The Checkout Session's total amount must convert to at least 50 cents."
        raise ApiError(400, message, code="amount_too_small")
    return currency, total


def refuse_impossible(amount: int, currency: str) -> None:
    if currency not in KNOWN_CURRENCIES:
        raise ApiError(400, f"Invalid currency: {currency}.", param="currency")
    if amount <= 0:
        raise ApiError(400, "Invalid positive integer", param="amount", code="parameter_invalid_integer")
    if currency in WHOLE_ONLY and amount % 100:
        raise ApiError(400, f"Invalid amount. Charged amounts in {currency} must be evenly divisible by 100.")
    if currency in THREE_DECIMALS and amount % 10:
        raise ApiError(400, f"Invalid amount. The last digit of amounts in {currency} must be 0.")
