"""What comes back to which lot when goods that were bought with credit come back."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from decimal import Decimal

from oms.money import split_amount
from returns.policies.credit.spending import Draw

GRACE = timedelta(days=30)
"""Credit that comes back after its end, or shortly before it, can be spent for so long all the same."""


def restore_spent(spent: Sequence[Draw], amount: Decimal, currency: str) -> list[Draw]:
    """Shares of what is still spent of each part, in its proportion. Base comes back as base, bonus as bonus.

    `spent` is net of what came back before, so no part ever gets back more than it gave, and the last of it ends
    exactly. Never more than all of it.
    """
    shares = split_amount(amount, [draw.amount for draw in spent], currency)
    return [Draw(draw.lot, draw.bonus, share) for draw, share in zip(spent, shares, strict=True) if share > 0]


def extend_end(expires_at: datetime | None, at: datetime) -> datetime | None:
    """When credit that came back ends now."""
    return None if expires_at is None else max(expires_at, at + GRACE)
