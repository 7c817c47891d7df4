"""Which side of an experiment somebody falls on."""

from decimal import Decimal
from hashlib import sha256

from upsell.choices import Group

_WHOLE = 2**64


def assign_group(salt: str, unit: str, share: Decimal) -> Group:
    """The same for the same salt and unit, always, and before anybody knows what they would see.

    `unit` is whoever is to be treated alike: a customer with all orders, else one order. `share` of them, on average,
    is the holdout.
    """
    drawn = int.from_bytes(sha256(f"{salt}:{unit}".encode()).digest()[:8], "big")
    return Group.HOLDOUT if drawn < share * _WHOLE else Group.TREATMENT
