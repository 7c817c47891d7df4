"""Units in one warehouse that belong to somebody: a promise that has found its shelf."""

from django.db import models
from django.db.models import Q

from inventory.models.variant import Variant
from inventory.models.warehouse import Warehouse
from oms.fields import QuantityField


class Allocation(models.Model):
    """Units of one SKU in one warehouse that are set apart for one opaque reference.

    `reference` is that of the reservation (an order's number), `part` names what is sent together (a fulfillment's
    number). `StockLevel.allocated` is the sum of those that are ALLOCATED. BROKEN: the units turned out not to
    be there.
    """

    class State(models.TextChoices):
        ALLOCATED = "ALLOCATED", "allocated"
        SHIPPED = "SHIPPED", "shipped"
        RELEASED = "RELEASED", "let go"
        BROKEN = "BROKEN", "not there"

    reference = models.CharField(max_length=60)
    part = models.CharField(max_length=60)
    variant = models.ForeignKey(Variant, on_delete=models.PROTECT, related_name="+")
    warehouse = models.ForeignKey(Warehouse, on_delete=models.PROTECT, related_name="+")
    quantity = QuantityField()
    state = models.CharField(max_length=10, choices=State, db_default=State.ALLOCATED)
    since = models.DateTimeField()
    closed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["part", "variant"], condition=Q(state="ALLOCATED"), name="allocated_once_a_part"
            ),
            models.CheckConstraint(condition=Q(quantity__gt=0), name="allocation_of_something"),
        ]
        indexes = [
            models.Index(
                fields=["variant", "warehouse", "-since"], condition=Q(state="ALLOCATED"), name="allocation_standing"
            ),
            models.Index(fields=["reference"], name="allocation_by_reference"),
        ]

    def __str__(self) -> str:
        return f"{self.quantity} × {self.variant_id} for {self.part}"
