"""What the orders brought that fell on one side of a campaign on one day."""

from django.db import models

from upsell.choices import Group
from upsell.models.campaign import Campaign


class SideDay(models.Model):
    """Sums of what they brought and were worth before, and of the squares: means and variances follow from them.
    Written as `OfferDay` is, and with it.
    """

    pk = models.CompositePrimaryKey("campaign_id", "day", "currency", "group")
    campaign = models.ForeignKey(Campaign, on_delete=models.CASCADE, related_name="+", db_index=False)
    day = models.DateField()
    currency = models.CharField(max_length=3)
    group = models.CharField(max_length=10, choices=[(each.value, each.value.lower()) for each in Group])
    orders = models.PositiveIntegerField()
    net = models.DecimalField(max_digits=24, decimal_places=4)
    net_squares = models.DecimalField(max_digits=40, decimal_places=8)
    before = models.DecimalField(max_digits=24, decimal_places=4)
    before_squares = models.DecimalField(max_digits=40, decimal_places=8)
    products = models.DecimalField(max_digits=40, decimal_places=8)
    zone = models.CharField(max_length=64)

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self.campaign_id} {self.day} {self.currency} {self.group}"
