"""What Stripe's webhooks say, in our words."""

from collections.abc import Callable, Mapping
from typing import Any

import orjson

from oms.money import UnknownCurrency
from orders.payments.port import GatewayNews, NewsKind, NotNews
from orders.payments.stripe_money import from_stripe

Object = Mapping[str, Any]

_NUL = b"\\u0000"
"""No column takes it, and no message of Stripe's has it."""


def read_event(body: bytes) -> GatewayNews:
    """One event. Those that do not concern us are news of the kind OTHER.

    Raises:
        NotNews: the body is no event.
    """
    try:
        event = orjson.loads(body)
        external_id, type_, about = event["id"], event["type"], event["data"]["object"]
        if _NUL in body or not (isinstance(external_id, str) and isinstance(type_, str) and isinstance(about, dict)):
            raise NotNews("It is no event of Stripe's.")
        read = _READERS.get(type_, _read_other)
        return read(external_id[:255], type_[:120], about)
    except (orjson.JSONDecodeError, KeyError, TypeError, AttributeError, ArithmeticError, UnknownCurrency) as error:
        raise NotNews("It is no event of Stripe's.") from error


def read_paid_session(session: Object) -> GatewayNews | None:
    """A page that was read, not told: its news when it is paid or has run out."""
    if session["status"] == "complete" and session["payment_status"] == "paid":
        return _read_session(f"{session['id']}:paid", "checkout.session read", session)
    if session["status"] == "expired":
        return _news(f"{session['id']}:expired", NewsKind.CHECKOUT_EXPIRED, "checkout.session read", session)
    return None


def _read_session(external_id: str, type_: str, session: Object) -> GatewayNews:
    """A page may be complete and not yet paid: some ways to pay take days. Then another event follows."""
    paid = session["payment_status"] == "paid"
    return _news(external_id, NewsKind.CHECKOUT_PAID if paid else NewsKind.OTHER, type_, session)


def _read_expired(external_id: str, type_: str, session: Object) -> GatewayNews:
    return _news(external_id, NewsKind.CHECKOUT_EXPIRED, type_, session)


def _read_failed(external_id: str, type_: str, session: Object) -> GatewayNews:
    return _news(external_id, NewsKind.PAYMENT_FAILED, type_, session, detail="The payment was not made in the end.")


def _read_refund(external_id: str, type_: str, refund: Object) -> GatewayNews:
    kinds = {"succeeded": NewsKind.REFUND_DONE, "failed": NewsKind.REFUND_FAILED, "canceled": NewsKind.REFUND_FAILED}
    reason = str(refund.get("failure_reason") or "").replace("_", " ")
    kind = kinds.get(refund["status"], NewsKind.REFUND_PENDING)
    return _news(external_id, kind, type_, refund, detail=reason)


def _read_dispute(external_id: str, type_: str, dispute: Object) -> GatewayNews:
    reason = str(dispute.get("reason") or "").replace("_", " ")
    return _news(external_id, NewsKind.DISPUTE_OPENED, type_, dispute, detail=reason)


def _read_other(external_id: str, type_: str, about: Object) -> GatewayNews:
    return GatewayNews(external_id=external_id, kind=NewsKind.OTHER, type=type_)


def _news(external_id: str, kind: NewsKind, type_: str, about: Object, *, detail: str = "") -> GatewayNews:
    currency = str(about.get("currency") or "").upper()
    units = about.get("amount_total", about.get("amount"))
    ours = about.get("metadata") or {}
    fields: dict[str, Any] = {}
    if currency and units is not None:
        if not isinstance(units, int) or abs(units) >= _MOST_UNITS:
            raise NotNews("It names no amount that Stripe can move.")
        fields = {"amount": from_stripe(units, currency), "currency": currency}
    return GatewayNews(
        external_id=external_id,
        kind=kind,
        type=type_,
        reference=str(about["id"]),
        key=str(ours.get("checkout") or ours.get("repayment") or ""),
        payment_reference=_id_of(about.get("payment_intent") or about.get("charge")),
        detail=detail[:255],
        **fields,
    )


_MOST_UNITS = 10**12
"""Stripe's largest amounts have 12 digits."""


def _id_of(value: Any) -> str:
    """An id, whether Stripe sent it bare or with the whole object."""
    return str(value.get("id", "")) if isinstance(value, dict) else str(value or "")


_READERS: Mapping[str, Callable[[str, str, Object], GatewayNews]] = {
    "checkout.session.completed": _read_session,
    "checkout.session.async_payment_succeeded": _read_session,
    "checkout.session.async_payment_failed": _read_failed,
    "checkout.session.expired": _read_expired,
    "refund.created": _read_refund,
    "refund.updated": _read_refund,
    "refund.failed": _read_refund,
    "charge.refund.updated": _read_refund,
    "charge.dispute.created": _read_dispute,
}
