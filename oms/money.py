"""Money: an amount and its currency, exact to the currency's minor unit. No float ever."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_EVEN, Decimal
from fractions import Fraction
from functools import cache

from oms.currencies import MINOR_UNITS


class UnknownCurrency(ValueError):
    """The code is not in ISO 4217."""


@cache
def minor_unit(currency: str) -> Decimal:
    """The smallest amount of a currency: 0.01 EUR, 1 JPY, 0.001 KWD."""
    try:
        return Decimal(1).scaleb(-MINOR_UNITS[currency])
    except KeyError:
        raise UnknownCurrency(f"{currency!r} is not an ISO 4217 currency code.") from None


def round_amount(amount: Decimal, currency: str, rounding: str = ROUND_HALF_EVEN) -> Decimal:
    """The amount in whole minor units; half to even unless asked otherwise."""
    return amount.quantize(minor_unit(currency), rounding=rounding)


def fits_minor_unit(amount: Decimal, currency: str) -> bool:
    """True when no digit would be lost: 1.50 JPY does not fit, 1.00 JPY does."""
    return amount == round_amount(amount, currency)


@dataclass(frozen=True, slots=True, order=False)
class Money:
    """An amount in one currency. Adding two currencies is an error, not a guess."""

    amount: Decimal
    currency: str

    def __post_init__(self) -> None:
        if not fits_minor_unit(self.amount, self.currency):
            raise ValueError(f"{self.amount} has more digits than {self.currency} knows.")

    def __add__(self, other: "Money") -> "Money":
        return Money(self.amount + self._same(other), self.currency)

    def __sub__(self, other: "Money") -> "Money":
        return Money(self.amount - self._same(other), self.currency)

    def __neg__(self) -> "Money":
        return Money(-self.amount, self.currency)

    def __lt__(self, other: "Money") -> bool:
        return self.amount < self._same(other)

    def __le__(self, other: "Money") -> bool:
        return self.amount <= self._same(other)

    def __bool__(self) -> bool:
        return bool(self.amount)

    def __str__(self) -> str:
        return f"{round_amount(self.amount, self.currency)} {self.currency}"

    def split(self, weights: Sequence[Decimal | int]) -> list["Money"]:
        """Shares by weight that sum to the whole, no minor unit lost or made.

        Every share is rounded, half to even. Minor units that are missing then go one each to the heaviest shares
        that were rounded down, those too many are taken from the lightest that were rounded up (of equals the first
        gains, the last loses): no share is a whole unit away from what it should be. All weights zero: the first
        takes the whole, so that the sum still holds.
        """
        return [Money(share, self.currency) for share in split_amount(self.amount, weights, self.currency)]

    def _same(self, other: "Money") -> Decimal:
        if other.currency != self.currency:
            raise ValueError(f"{self.currency} and {other.currency} cannot be added.")
        return other.amount


def split_amount(amount: Decimal, weights: Sequence[Decimal | int], currency: str) -> list[Decimal]:
    """`Money.split` on bare amounts of one currency."""
    unit = minor_unit(currency)
    units, total = int(amount / unit), sum(weights)
    if not weights:
        raise ValueError("Nobody to split among.")
    if any(weight < 0 for weight in weights):
        raise ValueError("A share cannot be negative.")
    if total == 0:
        return [amount, *[Decimal(0) * unit] * (len(weights) - 1)]
    if units == 0:
        return [Decimal(0) * unit] * len(weights)

    exact = [Fraction(units) * Fraction(weight) / Fraction(total) for weight in weights]
    shares = [round(share) for share in exact]  # half to even
    missing = units - sum(shares)
    if missing > 0:
        gaining = [place for place, share in enumerate(shares) if share < exact[place]]
        for place in sorted(gaining, key=lambda place: -weights[place])[:missing]:
            shares[place] += 1
    else:
        losing = [place for place, share in enumerate(shares) if share > exact[place]]
        for place in sorted(losing, key=lambda place: (weights[place], -place))[:-missing]:
            shares[place] -= 1
    return [share * unit for share in shares]
