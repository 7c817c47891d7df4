"""Which ways back a return may take, what each costs its customer, and who bears it.

The terms say what is allowed; where there is no carrier, no place and no shop nearby, a way is not offered. Sending it
with a carrier of their own is always left: who may send goods back at all must be able to (Directive 2011/83/EU,
article 14(1)). To keep it is not for the customer to choose.
"""

from collections.abc import Collection
from dataclasses import dataclass
from decimal import Decimal

from returns.choices import Method

NOTHING = Decimal(0)
LABELLED = (Method.PREPAID_LABEL, Method.QR_DROP_OFF)
MERCHANT, CUSTOMER, DEDUCTED = "MERCHANT", "CUSTOMER", "DEDUCTED"


@dataclass(frozen=True, slots=True, kw_only=True)
class Surroundings:
    """What there is around the customer. `lane`: some carrier brings the weight from there to a place that takes it;
    `store`: a shop of ours in their country takes returns.
    """

    lane: bool
    store: bool


@dataclass(frozen=True, slots=True)
class Way:
    """`fee` is taken off what the return brings; `bears` who pays for the way in the end."""

    method: Method
    fee: Decimal
    bears: str


def offer_ways(
    allowed: Collection[str], around: Surroundings, *, label_fee: Decimal = NOTHING, bears: str = MERCHANT
) -> tuple[Way, ...]:
    """In the order in which they are shown. `allowed` by the terms of all that comes back; `label_fee` as deducted."""
    possible = {
        Method.PREPAID_LABEL: around.lane,
        Method.QR_DROP_OFF: around.lane,
        Method.IN_STORE: around.store,
        Method.OWN_CARRIER: True,
    }
    offered = [method for method in Method if method in allowed and possible.get(method, False)]
    return tuple(_way(method, label_fee, bears) for method in offered or [Method.OWN_CARRIER])


def _way(method: Method, label_fee: Decimal, bears: str) -> Way:
    """Their own carrier they pay for themselves, unless the terms make it ours."""
    if method in LABELLED:
        return Way(method, label_fee, DEDUCTED if label_fee else MERCHANT)
    if method == Method.OWN_CARRIER:
        return Way(method, NOTHING, MERCHANT if bears == MERCHANT else CUSTOMER)
    return Way(method, NOTHING, MERCHANT)
