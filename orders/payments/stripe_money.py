"""Amounts as Stripe counts them: whole numbers, in units that are mostly, but not always, those of ISO 4217."""

from decimal import Decimal

from oms.money import round_amount
from orders.payments.port import GatewayRefused

# https://docs.stripe.com/currencies, "Zero-decimal", "Three-decimal" and "Special cases".
_NO_DECIMALS = frozenset("BIF CLP DJF GNF JPY KMF KRW MGA PYG RWF VND VUV XAF XOF XPF".split())
_THREE_DECIMALS = frozenset("BHD JOD KWD OMR TND".split())  # the last digit must be 0
_ALWAYS_WHOLE = frozenset("ISK UGX".split())  # counted in hundredths all the same, for old times' sake

# https://docs.stripe.com/currencies, "Minimum and maximum charge amounts": of the currency that is paid out in. Where
# Stripe converts, its own bound may lie higher; then its page does not open, and that is said there.
SMALLEST = {
    **dict.fromkeys("USD AUD BRL CAD CHF EUR INR NZD SGD".split(), Decimal("0.50")),
    "GBP": Decimal("0.30"),
    "BGN": Decimal("1.00"),
    "DKK": Decimal("2.50"),
    "HKD": Decimal("4.00"),
    **dict.fromkeys("AED MYR PLN RON".split(), Decimal("2.00")),
    **dict.fromkeys("NOK SEK".split(), Decimal("3.00")),
    **dict.fromkeys("MXN THB".split(), Decimal("10.00")),
    "CZK": Decimal("15.00"),
    "HUF": Decimal("175.00"),
    "JPY": Decimal(50),
}


def finest_step(currency: str) -> Decimal:
    """Amounts must be whole multiples of it."""
    return _step(currency) * Decimal(1).scaleb(-_digits(currency))


def to_stripe(amount: Decimal, currency: str) -> int:
    """19.90 EUR is 1990, 500 JPY is 500, 5 UGX is 500, 5.120 KWD is 5120.

    Raises:
        GatewayRefused: Stripe cannot move such an amount.
    """
    units = amount.scaleb(_digits(currency))
    if units % _step(currency):
        raise GatewayRefused(f"Stripe cannot move {amount.normalize():f} {currency}: its last digit is too fine.")
    return int(units)


def from_stripe(units: int, currency: str) -> Decimal:
    """The amount that Stripe means by so many of its units."""
    return round_amount(Decimal(units).scaleb(-_digits(currency)), currency)


def _step(currency: str) -> int:
    """Of Stripe's units."""
    return 10 if currency in _THREE_DECIMALS else 100 if currency in _ALWAYS_WHOLE else 1


def _digits(currency: str) -> int:
    if currency in _NO_DECIMALS:
        return 0
    return 3 if currency in _THREE_DECIMALS else 2
