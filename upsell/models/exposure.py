"""Which side of a campaign's experiment an order fell on, and what it brought since."""

from django.db import models
from django.db.models.functions import Now

from oms.fields import AmountField
from orders.models import Order
from upsell.choices import Group, Placement
from upsell.models.campaign import Campaign
from upsell.models.figure_mark import mark_changes


class Exposure(models.Model):
    """Written before anything is shown, for both sides alike: when offers would first be, or were, shown.

    `baseline` is the order's net revenue then, `net_revenue` the same as last counted: total less what was credited,
    without tax. What differs between the sides is what the campaign did. All in the order's currency.
    """

    campaign = models.ForeignKey(Campaign, on_delete=models.PROTECT, related_name="exposures", db_index=False)
    order = models.ForeignKey(Order, on_delete=models.CASCADE, related_name="exposures")
    group = models.CharField(max_length=10, choices=[(each.value, each.value.lower()) for each in Group])
    placement = models.CharField(max_length=20, choices=[(each.value, each.value) for each in Placement])
    currency = models.CharField(max_length=3)
    assigned_at = models.DateTimeField()
    baseline = AmountField()
    baseline_margin = AmountField(null=True, blank=True)
    net_revenue = AmountField()
    net_margin = AmountField(null=True, blank=True, help_text="Empty: a cost is not known.")
    given = AmountField(default=0, db_default=0, help_text="Bonus of store credit given for its goods.")
    counted_at = models.DateTimeField()
    recorded_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["campaign", "order"], name="one_exposure")]
        indexes = [models.Index(fields=["campaign", "assigned_at"], name="exposure_by_day")]
        triggers = mark_changes(
            *("campaign", "order", "group", "currency", "assigned_at", "baseline", "net_revenue"),
            by="SELECT ROW.campaign_id, ROW.assigned_at",
        )

    def __str__(self) -> str:
        return f"{self.campaign_id} {self.order_id} {self.group}"
