"""Which gateway moves which money."""

STRIPE, CHANNEL, MANUAL, SANDBOX = CODES = ("stripe", "channel", "manual", "sandbox")

REFUNDING_CONNECTORS = ("SHOPIFY", "WOOCOMMERCE")
"""Channels that give back what they took."""


def choose_refund_gateway(payment_gateway: str, *, connector: str, taken_by_us: bool) -> str:
    """The gateway that gives back a payment; `payment_gateway` is the name that stands with it.

    What came in by a page of ours goes back the same way. Everything else of a channel that refunds is the channel's,
    even where its shop uses Stripe: going past it would leave its own books wrong. An unknown name is by hand.
    """
    if connector in REFUNDING_CONNECTORS and not taken_by_us:
        return CHANNEL
    return payment_gateway if payment_gateway in (STRIPE, SANDBOX) else MANUAL
