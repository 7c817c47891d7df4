"""What is given for goods of a return: one sum for what is quoted and for what is done."""

from dataclasses import dataclass
from decimal import Decimal

from returns.policies.amounts import NOTHING, share_by_value


@dataclass(frozen=True, slots=True, kw_only=True)
class Bargain:
    """What a whole return comes to, as it was agreed: the value of its goods, shipping that comes back, fees."""

    value: Decimal
    shipping: Decimal = NOTHING
    label_fee: Decimal = NOTHING
    restocking_fee: Decimal = NOTHING
    currency: str


@dataclass(frozen=True, slots=True)
class Settled:
    """What of it was settled before."""

    value: Decimal = NOTHING
    shipping: Decimal = NOTHING
    fees: Decimal = NOTHING


@dataclass(frozen=True, slots=True)
class Figures:
    """given = value + shipping − fees, none of them below zero."""

    value: Decimal
    shipping: Decimal
    fees: Decimal
    given: Decimal


def figure(bargain: Bargain, value: Decimal, *, before: Settled = Settled()) -> Figures:
    """What is given for goods of that value, once others were settled before.

    Shipping and the restocking fee go with the goods' value; the label is paid with the first goods that can bear it.
    """
    reached, currency = before.value + value, bargain.currency
    shipping = share_by_value(
        bargain.shipping, reached=reached, whole=bargain.value, before=before.shipping, currency=currency
    )
    restocking = share_by_value(
        bargain.restocking_fee, reached=reached, whole=bargain.value, before=NOTHING, currency=currency
    )
    fees = min(max(bargain.label_fee + restocking - before.fees, NOTHING), value + shipping)
    return Figures(value, shipping, fees, value + shipping - fees)
