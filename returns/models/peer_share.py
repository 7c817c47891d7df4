"""What customers of one tier send back of one category."""

from django.db import models

from inventory.models import Category
from oms.fields import QuantityField


class PeerShare(models.Model):
    """Units sent and sent back within a year, counted anew every night: what one customer's share is held against."""

    category = models.ForeignKey(Category, on_delete=models.CASCADE, null=True, blank=True, related_name="+")
    tier = models.CharField(max_length=40, blank=True, db_default="", default="")
    bought = QuantityField()
    returned = QuantityField()
    counted_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["category", "tier"], nulls_distinct=False, name="peer_share_once"),
        ]

    def __str__(self) -> str:
        return f"{self.returned} of {self.bought}"
