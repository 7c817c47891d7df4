"""Stripe, by its own client: Checkout pages, refunds, signed webhooks.

Strong customer authentication (3-D Secure) happens on Stripe's page. A page lives 30 minutes to 24 hours; where we stop
waiting earlier we expire it ourselves. Stripe forgets an idempotency key after 24 hours, and gives the answer that it
stored under it, a 500 included, until then: so before a refund is asked for again, Stripe is asked whether it is there.
"""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any, TypeVar

from oms.later import Later
from orders.payments.port import (
    CheckoutAsk,
    GatewayNews,
    GatewayRefused,
    GatewayUnavailable,
    Opened,
    Pending,
    RefundAnswer,
    RefundAsk,
    Refunded,
)
from orders.payments.stripe_money import to_stripe
from orders.payments.stripe_news import read_event, read_paid_session

if TYPE_CHECKING:
    import stripe
else:
    stripe = Later("stripe")

Result = TypeVar("Result")

TIMEOUT = 20
"""Seconds for one call."""

SHORTEST_PAGE = timedelta(hours=1)
"""Twice what Stripe demands: a page that is asked for again half an hour later must still be taken."""

LONGEST_PAGE = timedelta(hours=24)

COME_TO_NOTHING = ("failed", "canceled")
"""A refund in one of these states has moved no money."""

Object = Mapping[str, Any]


class StripeGateway:
    """One Stripe account. `api_base` points at another server than Stripe's own."""

    code = "stripe"
    can_charge = True
    can_refund = True

    def __init__(self, secret_key: str, *, api_base: str = "", timeout: float = TIMEOUT) -> None:
        self._client = stripe.StripeClient(
            secret_key or "none",
            base_addresses={"api": api_base} if api_base else None,
            max_network_retries=0,  # we try again ourselves, with the answer to "was it done?" on record
            http_client=stripe.RequestsClient(timeout=timeout),
        )

    def open_checkout(self, ask: CheckoutAsk) -> Opened:
        amount = to_stripe(ask.amount, ask.currency)
        ours = {"checkout": ask.key, "order": ask.order}
        price = {"currency": ask.currency.lower(), "unit_amount": amount, "product_data": {"name": ask.title}}
        params: Any = {
            "mode": "payment",
            "client_reference_id": ask.order,
            "metadata": ours,
            "payment_intent_data": {"metadata": ours, "description": ask.title},
            "line_items": [{"quantity": 1, "price_data": price}],
            "success_url": ask.return_url,
            "cancel_url": ask.return_url,
            "expires_at": int(page_end(ask).timestamp()),
            "adaptive_pricing": {"enabled": False},  # paid, and given back, in the order's own currency
        }
        session = call(
            lambda: self._client.v1.checkout.sessions.create(params, {"idempotency_key": f"checkout-{ask.key}"})
        )
        return Opened(session.id, session.url or "", datetime.fromtimestamp(session.expires_at, UTC))

    def read_checkout(self, reference: str) -> GatewayNews | None:
        return read_paid_session(self._read_session(reference))

    def close_checkout(self, reference: str) -> GatewayNews | None:
        """A page that is paid, or has run out, cannot be closed: then what it says of itself counts."""
        try:
            call(
                lambda: self._client.v1.checkout.sessions.expire(
                    reference, options={"idempotency_key": f"close-{reference}"}
                )
            )
        except GatewayRefused:
            session = self._read_session(reference)
            if session.get("status") == "open":
                raise GatewayUnavailable("Stripe did not close a page that is open.") from None
            return read_paid_session(session)
        return None

    def refund(self, ask: RefundAsk) -> RefundAnswer:
        if ask.reference:
            known = call(lambda: self._client.v1.refunds.retrieve(ask.reference))
            return _answer(known.to_dict())
        if ask.again and (found := self._find_refund(ask)):
            return _answer(found)
        params: Any = {
            **_payment(ask.payment_reference),
            "amount": to_stripe(ask.amount, ask.currency),
            "reason": "requested_by_customer",
            "metadata": {"repayment": ask.identity, "order": ask.order},
        }
        made = call(lambda: self._client.v1.refunds.create(params, {"idempotency_key": f"refund-{ask.key}"}))
        return _answer(made.to_dict())

    def verify_webhook(self, body: bytes, headers: Mapping[str, str], secret: str) -> bool:
        signature = next((value for name, value in headers.items() if name.lower() == "stripe-signature"), "")
        try:
            stripe.WebhookSignature.verify_header(body, signature, secret, stripe.Webhook.DEFAULT_TOLERANCE)
        except (stripe.SignatureVerificationError, ValueError):
            return False
        return True

    def read_news(self, body: bytes) -> list[GatewayNews]:
        return [read_event(body)]

    def _read_session(self, reference: str) -> Object:
        return call(lambda: self._client.v1.checkout.sessions.retrieve(reference)).to_dict()

    def _find_refund(self, ask: RefundAsk) -> Object | None:
        """The refund that bears our name, unless it came to nothing."""
        params: Any = {**_payment(ask.payment_reference), "limit": 100}
        refunds = call(lambda: [each.to_dict() for each in self._client.v1.refunds.list(params).auto_paging_iter()])
        for refund in refunds:
            ours = (refund.get("metadata") or {}).get("repayment") == ask.identity
            if ours and refund["status"] not in COME_TO_NOTHING:
                return refund
        return None


def page_end(ask: CheckoutAsk) -> datetime:
    """Until when Stripe keeps the page. Reckoned from what is on record, so that asking again says the same."""
    return min(max(ask.expires_at, ask.asked_at + SHORTEST_PAGE), ask.asked_at + LONGEST_PAGE)


def call(work: Callable[[], Result]) -> Result:
    """Ask Stripe; its many errors are two.

    Raises:
        GatewayRefused, GatewayUnavailable.
    """
    try:
        return work()
    except stripe.RateLimitError as busy:
        raise GatewayUnavailable("Stripe is asked too often.", retry_after=_retry_after(busy)) from busy
    except (stripe.AuthenticationError, stripe.PermissionError) as stranger:
        raise GatewayUnavailable("Stripe does not accept our secret key.") from stranger
    except (stripe.InvalidRequestError, stripe.CardError, stripe.IdempotencyError) as refusal:
        raise GatewayRefused(f"Stripe: {refusal.user_message}") from refusal
    except stripe.StripeError as trouble:  # 409: the first request with this key still runs; 5xx; no connection
        raise GatewayUnavailable(f"Stripe did not answer ({type(trouble).__name__}).") from trouble


def _retry_after(error: "stripe.StripeError") -> float:
    said = str((error.headers or {}).get("Retry-After", ""))
    return float(said) if said.isdecimal() else 0


def _payment(reference: str) -> dict[str, str]:
    """How Stripe is told which payment is meant.

    Raises:
        GatewayRefused: the reference is none of Stripe's.
    """
    kind = {"pi_": "payment_intent", "ch_": "charge", "py_": "charge"}.get(reference[:3])
    if kind is None:
        raise GatewayRefused(f"“{reference}” names no payment at Stripe: give it back where it was paid.")
    return {kind: reference}


def _answer(refund: Object) -> RefundAnswer:
    if refund["status"] in COME_TO_NOTHING:
        reason = str(refund.get("failure_reason") or refund["status"])
        raise GatewayRefused(f"Stripe could not give it back: {reason.replace('_', ' ')}.")
    return Refunded(refund["id"]) if refund["status"] == "succeeded" else Pending(refund["id"])
