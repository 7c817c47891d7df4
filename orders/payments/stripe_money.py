"""Amounts as Stripe counts them: whole numbers, in units that are mostly, but not always, those of ISO 4217."""

from decimal import Decimal

from oms.money import round_amount
from orders.payments.port import GatewayRefused

# https://docs.stripe.com/currencies, "Zero-decimal", "Three-decimal" and "Special cases".
_NO_DECIMALS = frozenset("BIF CLP DJF GNF JPY KMF KRW MGA PYG RWF VND VUV XAF XOF XPF".split())
_THREE_DECIMALS = frozenset("BHD JOD KWD OMR TND".split())  # the last digit must be 0
_ALWAYS_WHOLE = frozenset("ISK UGX".split())  # counted in hundredths all the same, for old times' sake


def to_stripe(amount: Decimal, currency: str) -> int:
    """19.90 EUR is 1990, 500 JPY is 500, 5 UGX is 500, 5.120 KWD is 5120.

    Raises:
        GatewayRefused: Stripe cannot move such an amount.
    """
    units = amount.scaleb(_digits(currency))
    step = 10 if currency in _THREE_DECIMALS else 100 if currency in _ALWAYS_WHOLE else 1
    if units % step:
        raise GatewayRefused(f"Stripe cannot move {amount.normalize():f} {currency}: its last digit is too fine.")
    return int(units)


def from_stripe(units: int, currency: str) -> Decimal:
    """The amount that Stripe means by so many of its units."""
    return round_amount(Decimal(units).scaleb(-_digits(currency)), currency)


def _digits(currency: str) -> int:
    if currency in _NO_DECIMALS:
        return 0
    return 3 if currency in _THREE_DECIMALS else 2
