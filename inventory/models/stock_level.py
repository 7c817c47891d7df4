"""What lies in one warehouse of one SKU, in named states."""

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now

from inventory.models.variant import Variant
from inventory.models.warehouse import Warehouse
from oms.fields import QuantityField


class StockLevel(models.Model):
    """Units of one SKU in one warehouse. It changes by movements only; it is their sum.

    `on_hand` counts units in selling condition; damaged and quality_control stand beside it. `allocated` is the part
    of on_hand that belongs to routed orders; `safety` the part that is never sold; `incoming` has not arrived yet.
    """

    variant = models.ForeignKey(Variant, on_delete=models.PROTECT, related_name="levels")
    warehouse = models.ForeignKey(Warehouse, on_delete=models.PROTECT, related_name="levels")
    on_hand = QuantityField(db_default=0)
    allocated = QuantityField(db_default=0)
    safety = QuantityField(db_default=0)
    damaged = QuantityField(db_default=0)
    quality_control = QuantityField(db_default=0)
    incoming = QuantityField(db_default=0)
    updated_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        permissions = [("move_stock", "Can receive, count, adjust and transfer stock")]
        constraints = [
            models.UniqueConstraint(fields=["variant", "warehouse"], name="one_level_a_warehouse"),
            models.CheckConstraint(
                condition=Q(
                    on_hand__gte=0,
                    allocated__gte=0,
                    safety__gte=0,
                    damaged__gte=0,
                    quality_control__gte=0,
                    incoming__gte=0,
                ),
                name="level_never_negative",
            ),
            models.CheckConstraint(condition=Q(allocated__lte=F("on_hand")), name="level_allocates_what_is_there"),
        ]

    def __str__(self) -> str:
        return f"{self.variant_id} @ {self.warehouse_id}"
