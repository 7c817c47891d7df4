"""Why an order goes the way it goes."""

from django.db import models
from django.db.models import Q

from oms.fields import AmountField
from orders.models.order import Order
from orders.models.routing_wave import RoutingWave


class RoutingDecision(models.Model):
    """What was decided for one order, what it costs, and what else there was. The newest that is not superseded holds.

    `parts`: [{"warehouse", "service", "freight", "duty", "parcel", "preference", "cost", "ship_by", "days",
    "lines": [{"line", "sku", "quantity"}]}]. `alternatives`: the next best, as [{"parts", "cost", "dearer"}].
    `excluded`: [{"warehouse", "code", "sentence"}], the warehouses that were out of the question and why.
    """

    class Kind(models.TextChoices):
        WAVE = "WAVE", "by a wave"
        OVERRIDE = "OVERRIDE", "by hand"

    order = models.ForeignKey(Order, on_delete=models.CASCADE, related_name="routing_decisions")
    wave = models.ForeignKey(RoutingWave, on_delete=models.PROTECT, null=True, blank=True, related_name="decisions")
    kind = models.CharField(max_length=10, choices=Kind, db_default=Kind.WAVE)
    at = models.DateTimeField()
    by = models.CharField(max_length=150)
    currency = models.CharField(max_length=3)
    cost = AmountField(null=True, blank=True)
    parts = models.JSONField(default=list)
    alternatives = models.JSONField(default=list)
    excluded = models.JSONField(default=list)
    note = models.CharField(max_length=255, blank=True, db_default="")
    superseded_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["order"], condition=Q(superseded_at=None), name="one_standing_decision_an_order"
            ),
            models.CheckConstraint(condition=~Q(kind="OVERRIDE") | ~Q(note=""), name="override_says_why"),
        ]
        indexes = [models.Index(fields=["order"], condition=Q(kind="OVERRIDE"), name="routing_by_hand")]

    def __str__(self) -> str:
        return f"{self.order_id}: {self.cost} {self.currency}"
