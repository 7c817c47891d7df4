"""What became of the offers of one day, as it is kept."""

from django.db import models

from upsell.choices import Placement
from upsell.models.campaign import Campaign

_PLACES = [("", "anywhere"), *((each.value, each.value) for each in Placement)]


class FunnelDay(models.Model):
    """Sums over the offers that a campaign made on a day, shown in a place ("": anywhere), in a currency.

    An offer was taken in one place, and refused or ran out wherever it was shown. Amounts are of what was taken:
    `margin` where costs are known, `unknown` counts the others. A part of a bundle has more digits than its currency.
    """

    campaign = models.ForeignKey(Campaign, on_delete=models.CASCADE, related_name="+", db_index=False)
    day = models.DateField()
    placement = models.CharField(max_length=20, choices=_PLACES, blank=True, default="")
    currency = models.CharField(max_length=3)
    shown = models.PositiveIntegerField()
    seen = models.PositiveIntegerField()
    accepted = models.PositiveIntegerField()
    refused = models.PositiveIntegerField()
    expired = models.PositiveIntegerField()
    gross = models.DecimalField(max_digits=24, decimal_places=8)
    revenue = models.DecimalField(max_digits=24, decimal_places=8)
    margin = models.DecimalField(max_digits=24, decimal_places=8)
    unknown = models.PositiveIntegerField()

    class Meta:
        abstract = True
        default_permissions = ()
