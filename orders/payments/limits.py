"""Which amounts a gateway can ask for: nobody should be sent to a page that will not open."""

from dataclasses import dataclass
from decimal import Decimal

from orders.payments.registry import STRIPE
from orders.payments.stripe_money import SMALLEST, finest_step


@dataclass(frozen=True, slots=True)
class ChargeLimits:
    """What a gateway asks for in one currency: at least `smallest`, in whole multiples of `step` (0: any)."""

    smallest: Decimal = Decimal(0)
    step: Decimal = Decimal(0)

    def allow(self, amount: Decimal) -> bool:
        return amount >= self.smallest and not (self.step and amount % self.step)


def find_limits(gateway: str, currency: str) -> ChargeLimits:
    """The gateway's own, as far as it says them beforehand; a person and the sandbox have none."""
    if gateway != STRIPE:
        return ChargeLimits()
    return ChargeLimits(SMALLEST.get(currency, Decimal(0)), finest_step(currency))
