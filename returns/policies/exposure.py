"""How much may be given before the goods are back."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from oms.money import Money


@dataclass(frozen=True, slots=True)
class Exposure:
    """What is at risk already: of this customer, and of all."""

    customer: Decimal
    everybody: Decimal


@dataclass(frozen=True, slots=True)
class Limits:
    """What may be at risk at once, in one currency; 0: nothing is given in advance."""

    customer: Decimal = Decimal(0)
    everybody: Decimal = Decimal(0)


def find_limit(limits: Mapping[str, tuple[str, str]], currency: str) -> Limits:
    """Of a currency that nobody set limits for, nothing."""
    if currency not in limits:
        return Limits()
    customer, everybody = limits[currency]
    return Limits(Decimal(customer), Decimal(everybody))


def exceeded(amount: Decimal, exposure: Exposure, limits: Limits, currency: str) -> tuple[Money, Money] | None:
    """What would be at risk and what may be, where that is too much; the customer's own limit first."""
    if exposure.customer + amount > limits.customer:
        return Money(exposure.customer + amount, currency), Money(limits.customer, currency)
    if exposure.everybody + amount > limits.everybody:
        return Money(exposure.everybody + amount, currency), Money(limits.everybody, currency)
    return None
