"""Where returns go: a warehouse of ours, a store, a local partner."""

from django.contrib.postgres.fields import ArrayField
from django.db import models

from inventory.models import Warehouse
from oms.fields import AmountField


class ReturnNode(models.Model):
    """One place that takes returns. What it restocks is sellable from its warehouse.

    `resale_percent`: what goods of grade B bring there, in percent of their price. A partner's users and keys are
    limited to the node's warehouse, and so see its returns alone.
    """

    class Kind(models.TextChoices):
        WAREHOUSE = "WAREHOUSE", "own warehouse"
        STORE = "STORE", "store"
        PARTNER = "PARTNER", "local partner"

    warehouse = models.OneToOneField(Warehouse, on_delete=models.PROTECT, related_name="return_node")
    kind = models.CharField(max_length=10, choices=Kind, default=Kind.WAREHOUSE)
    countries = ArrayField(
        models.CharField(max_length=2), default=list, blank=True, help_text="It takes returns from; empty: everywhere."
    )
    handling_cost = AmountField(default=0, help_text="For one item, in `currency`.")
    currency = models.CharField(max_length=3)
    resale_percent = models.PositiveSmallIntegerField(default=60)
    instructions = models.CharField(max_length=255, blank=True, db_default="", help_text="For whoever brings it.")
    active = models.BooleanField(default=True, db_default=True)

    class Meta:
        ordering = ["warehouse__priority", "id"]

    def __str__(self) -> str:
        return str(self.warehouse)
