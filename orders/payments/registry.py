"""Which gateway moves which money.

Higher apps have gateways of their own (credit, exchanges): `config/wiring.py` says which. What came in by one of them
goes back by it.
"""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from orders.payments.port import Gateway

STRIPE, CHANNEL, MANUAL, SANDBOX = CODES = ("stripe", "channel", "manual", "sandbox")

REFUNDING_CONNECTORS = ("SHOPIFY", "WOOCOMMERCE")
"""Channels that give back what they took."""


Open = Callable[[Any, datetime], Gateway]
"""Opens a gateway for one order, at a moment."""

_added: dict[str, Open] = {}


def connect(gateways: Mapping[str, Open]) -> None:
    """Say which gateways there are beside the built-in ones, by code."""
    _added.clear()
    _added.update(gateways)


def added_gateway(code: str) -> Open | None:
    """None: it is a built-in one, or none at all."""
    return _added.get(code)


def choose_refund_gateway(payment_gateway: str, *, connector: str, taken_by_us: bool) -> str:
    """The gateway that gives back a payment; `payment_gateway` is the name that stands with it.

    What came in by a page of ours goes back the same way. Everything else of a channel that refunds is the channel's,
    even where its shop uses Stripe: going past it would leave its own books wrong. An unknown name is by hand.
    What was never the channel's (credit, the value of an exchange) goes back where it came from.
    """
    if payment_gateway in _added:
        return payment_gateway
    if connector in REFUNDING_CONNECTORS and not taken_by_us:
        return CHANNEL
    return payment_gateway if payment_gateway in (STRIPE, SANDBOX) else MANUAL
