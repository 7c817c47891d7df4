"""Units that a channel is not told of, against the lag between its sale and our knowing."""

from django.db import models
from django.db.models import Q

from inventory.models.variant import Variant
from oms.fields import QuantityField
from oms.models import Channel


class ChannelBuffer(models.Model):
    """A channel's buffer: for one SKU, or, without one, for all SKUs that have none of their own."""

    channel = models.ForeignKey(Channel, on_delete=models.CASCADE, related_name="buffers")
    variant = models.ForeignKey(Variant, on_delete=models.CASCADE, null=True, blank=True, related_name="buffers")
    units = QuantityField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["channel", "variant"], name="one_buffer_a_sku"),
            models.UniqueConstraint(fields=["channel"], condition=Q(variant=None), name="one_buffer_for_the_rest"),
            models.CheckConstraint(condition=Q(units__gte=0), name="buffer_not_negative"),
        ]

    def __str__(self) -> str:
        return f"{self.channel_id}: {self.units}"
