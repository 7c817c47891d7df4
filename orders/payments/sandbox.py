"""A gateway for running alone: money that nobody has, under the rules of a real one.

Its page lives in the product (`orders/portal/sandbox_gateway.py`). It gives back no more than was paid, answers the
same key the same way, refuses the same key for another request, and takes no money once a page has run out. A payment
that it does not know, of a demo or an import, it takes over as told: there is nobody else to ask.
"""

import hashlib
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from typing import Protocol

from orders.payments.port import (
    CheckoutAsk,
    GatewayNews,
    GatewayRefused,
    NewsKind,
    NotNews,
    Opened,
    RefundAnswer,
    RefundAsk,
    Refunded,
)

SWITCHED_OFF = "The sandbox is switched off here: it takes no real money. Choose another gateway for this channel."


@dataclass(frozen=True, slots=True)
class SandboxRefund:
    key: str
    reference: str
    amount: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class Charge:
    """What the sandbox remembers of one page or payment. `state`: OPEN, PAID, DECLINED or EXPIRED."""

    reference: str
    state: str
    amount: Decimal
    currency: str
    key: str = ""
    fingerprint: str = ""
    title: str = ""
    return_url: str = ""
    expires_at: datetime | None = None
    refunds: tuple[SandboxRefund, ...] = ()

    @property
    def left(self) -> Decimal:
        """What has not gone back."""
        return self.amount - sum((refund.amount for refund in self.refunds), Decimal(0))


class Ledger(Protocol):
    """Where it remembers. Inside `turn` nobody else changes the charge of that name."""

    def turn(self, name: str) -> AbstractContextManager[None]: ...

    def find(self, reference: str) -> Charge | None: ...

    def find_by_key(self, key: str) -> Charge | None: ...

    def write(self, charge: Charge) -> None: ...


class SandboxGateway:
    """`page` gives the address where a charge is paid; `at` is when it is asked."""

    code = "sandbox"
    can_charge = True
    can_refund = True

    def __init__(self, ledger: Ledger, *, page: Callable[[str], str], at: datetime, allowed: bool = True) -> None:
        self._ledger = ledger
        self._page = page
        self._at = at
        self._allowed = allowed

    def open_checkout(self, ask: CheckoutAsk) -> Opened:
        self._refuse_if_off()
        fingerprint = _fingerprint(ask.order, ask.amount, ask.currency, ask.expires_at)
        with self._ledger.turn(ask.key):
            charge = self._ledger.find_by_key(ask.key)
            if charge and charge.fingerprint != fingerprint:
                raise GatewayRefused("The sandbox knows this key from another request.")
            if charge is None:
                charge = self._charge_for(ask, fingerprint)
                self._ledger.write(charge)
        return Opened(charge.reference, self._page(charge.reference), ask.expires_at)

    def read_checkout(self, reference: str) -> GatewayNews | None:
        charge = self._known(reference)
        if charge.state in ("OPEN", "DECLINED") and _is_over(charge, self._at):
            charge = replace(charge, state="EXPIRED")
        return tell_of(charge) if charge.state in ("PAID", "EXPIRED") else None

    def close_checkout(self, reference: str) -> GatewayNews | None:
        with self._ledger.turn(reference):
            charge = self._known(reference)
            if charge.state == "PAID":
                return tell_of(charge)
            self._ledger.write(replace(charge, state="EXPIRED"))
        return None

    def answer(self, reference: str, *, paid: bool) -> GatewayNews:
        """What its page does: pay, or decline; a page that was declined can still be paid.

        Raises:
            GatewayRefused: the page has run out.
        """
        self._refuse_if_off()
        with self._ledger.turn(reference):
            charge = self._known(reference)
            if charge.state != "PAID":
                if charge.state == "EXPIRED" or _is_over(charge, self._at):
                    raise GatewayRefused("This page has run out: nothing was paid.")
                charge = replace(charge, state="PAID" if paid else "DECLINED")
                self._ledger.write(charge)
        return tell_of(charge)

    def refund(self, ask: RefundAsk) -> RefundAnswer:
        self._refuse_if_off()
        name = _name_of(ask)
        with self._ledger.turn(name):
            charge = self._ledger.find(name) or Charge(
                reference=name, state="PAID", amount=ask.charged, currency=ask.currency
            )
            for known in charge.refunds:
                if known.key == ask.key and known.amount != ask.amount:
                    raise GatewayRefused("The sandbox knows this key from another request.")
                if known.key == ask.key:
                    return Refunded(known.reference)
            self._refuse_wrong_refund(charge, ask)
            refund = SandboxRefund(ask.key, f"sbr_{_fingerprint(ask.key)[:24]}", ask.amount)
            self._ledger.write(replace(charge, refunds=(*charge.refunds, refund)))
        return Refunded(refund.reference)

    def verify_webhook(self, body: bytes, headers: Mapping[str, str], secret: str) -> bool:
        return False

    def read_news(self, body: bytes) -> list[GatewayNews]:
        raise NotNews("The sandbox speaks to us inside the product.")

    def _refuse_if_off(self) -> None:
        if not self._allowed:
            raise GatewayRefused(SWITCHED_OFF)

    def _charge_for(self, ask: CheckoutAsk, fingerprint: str) -> Charge:
        if ask.expires_at <= self._at:
            raise GatewayRefused("The sandbox opens no page that has run out already.")
        return Charge(
            reference=f"sb_{_fingerprint(ask.key)[:24]}",
            state="OPEN",
            amount=ask.amount,
            currency=ask.currency,
            key=ask.key,
            fingerprint=fingerprint,
            title=ask.title,
            return_url=ask.return_url,
            expires_at=ask.expires_at,
        )

    def _known(self, reference: str) -> Charge:
        charge = self._ledger.find(reference)
        if charge is None:
            raise GatewayRefused("The sandbox does not know this page.")
        return charge

    def _refuse_wrong_refund(self, charge: Charge, ask: RefundAsk) -> None:
        if charge.state != "PAID":
            raise GatewayRefused("The sandbox cannot give back what was not paid.")
        if charge.currency != ask.currency:
            raise GatewayRefused(f"The sandbox was paid in {charge.currency}, not in {ask.currency}.")
        if ask.amount <= 0 or ask.amount > charge.left:
            raise GatewayRefused(f"Of this payment {charge.left:f} {charge.currency} are left, not {ask.amount:f}.")


def tell_of(charge: Charge) -> GatewayNews:
    """The sandbox's own message about a charge."""
    kinds = {"PAID": NewsKind.CHECKOUT_PAID, "EXPIRED": NewsKind.CHECKOUT_EXPIRED}
    return GatewayNews(
        external_id=f"{charge.reference}:{charge.state.lower()}",
        kind=kinds.get(charge.state, NewsKind.OTHER),
        type=f"sandbox.{charge.state.lower()}",
        reference=charge.reference,
        key=charge.key,
        payment_reference=charge.reference,
        amount=charge.amount,
        currency=charge.currency,
    )


def _is_over(charge: Charge, at: datetime) -> bool:
    return charge.expires_at is not None and charge.expires_at <= at


def _name_of(ask: RefundAsk) -> str:
    """Its own payments by their name; those that it takes over by order and reference, which alone is not unique."""
    return ask.payment_reference if ask.payment_reference.startswith("sb_") else f"{ask.order}/{ask.payment_reference}"


def _fingerprint(*parts: object) -> str:
    return hashlib.sha256("\x1f".join(map(str, parts)).encode()).hexdigest()
