"""What a channel was last told of a SKU."""

from django.db import models
from django.db.models import Q

from inventory.models.variant import Variant
from oms.fields import QuantityField
from oms.models import Channel


class ChannelStock(models.Model):
    """`wanted` is what the channel should show: available less its buffer, never below 0; `told` what it was last told.

    `changed_at` is when the two began to differ, `due_at` when the channel is to be told: both empty while they agree.
    """

    channel = models.ForeignKey(Channel, on_delete=models.CASCADE, related_name="+", db_index=False)
    variant = models.ForeignKey(Variant, on_delete=models.CASCADE, related_name="told")
    wanted = QuantityField()
    told = QuantityField(null=True, blank=True)
    told_at = models.DateTimeField(null=True, blank=True)
    lag_seconds = models.FloatField(null=True, blank=True, help_text="From the change until the channel had it.")
    changed_at = models.DateTimeField(null=True, blank=True)
    due_at = models.DateTimeField(null=True, blank=True)
    lease = models.PositiveIntegerField(db_default=0, default=0, help_text="Counts leases: an old one records nothing.")
    leased_until = models.DateTimeField(null=True, blank=True)
    refused = models.BooleanField(default=False, db_default=False, help_text="The channel cannot show this SKU.")
    problem = models.CharField(max_length=255, blank=True, default="", db_default="")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["channel", "variant"], name="one_figure_a_channel"),
            models.CheckConstraint(condition=Q(wanted__gte=0), name="channel_stock_not_negative"),
        ]
        indexes = [
            models.Index(fields=["channel", "due_at"], condition=Q(due_at__isnull=False), name="channel_stock_due"),
            models.Index(fields=["channel", "told_at"], name="channel_stock_told"),
        ]

    def __str__(self) -> str:
        return f"{self.variant_id} on {self.channel_id}"
