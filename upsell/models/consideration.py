"""What was thought of for an order in one place: what was shown, what was not, and why."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models.functions import Now

from orders.models import Order
from upsell.choices import Placement, Unoffered
from upsell.models.campaign import Campaign


class Consideration(models.Model):
    """The newest of an order, a campaign and a placement. `excluded`: [{"sku", "reason", "facts": {…}}], best first."""

    order = models.ForeignKey(Order, on_delete=models.CASCADE, related_name="considerations", db_index=False)
    campaign = models.ForeignKey(Campaign, on_delete=models.CASCADE, related_name="+")
    placement = models.CharField(max_length=20, choices=[(each.value, each.value) for each in Placement])
    at = models.DateTimeField()
    shown = ArrayField(models.CharField(max_length=100), default=list)
    excluded = models.JSONField(default=list)
    unoffered = models.CharField(
        max_length=20, blank=True, default="", db_default="", choices=[(each.value, each.value) for each in Unoffered]
    )
    model = models.PositiveBigIntegerField(null=True, blank=True, help_text="The recommender that ranked.")
    recorded_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["order", "campaign", "placement"], name="one_consideration_a_place")
        ]

    def __str__(self) -> str:
        return f"{self.order_id} {self.campaign_id} {self.placement}"
