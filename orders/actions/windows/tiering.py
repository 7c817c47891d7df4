"""Velocity tiers: the steps in which SKUs count as hot, regular or slow. Rules name them, so editions keep them."""

from datetime import datetime

from inventory.models import VelocityTier
from oms.errors import Invalid
from orders.actions.windows.arranging import arranging, faults_of
from orders.errors import TierInUse
from orders.models import WindowRule


@arranging
def save_tier(*, tier: VelocityTier, by: str, at: datetime) -> VelocityTier:
    """Keep the tier. Its code stays what it is once rules name it.

    Raises:
        Invalid: its code or its beginning is another tier's.
        TierInUse: rules know it under its old code.
    """
    if errors := faults_of(tier):
        raise Invalid(" ".join(error.detail for error in errors), errors=errors)
    before = VelocityTier.objects.filter(pk=tier.pk).values_list("code", flat=True).first()
    if before and before != tier.code:
        _refuse_named(before)
    tier.save()
    return tier


@arranging
def delete_tier(*, tier_id: int, by: str, at: datetime) -> None:
    """Take a tier away; its SKUs fall to the next slower one. Doing it twice is harmless.

    Raises:
        TierInUse: rules name it.
    """
    tier = VelocityTier.objects.filter(pk=tier_id).first()
    if tier is None:
        return
    _refuse_named(tier.code)
    tier.delete()


def _refuse_named(code: str) -> None:
    rules = (
        WindowRule.objects.filter(velocity_tiers__contains=[code]).order_by("position").values_list("name", flat=True)
    )
    if names := list(rules):
        raise TierInUse(code, names)
