"""Units of one order line in one fulfillment."""

from decimal import Decimal

from django.db import models
from django.db.models import F, Q

from oms.fields import QuantityField
from orders.models.fulfillment import Fulfillment
from orders.models.order_line import OrderLine


class FulfillmentLine(models.Model):
    """So many units of a line go from here. Still to send = quantity − shipped − short."""

    fulfillment = models.ForeignKey(Fulfillment, on_delete=models.CASCADE, related_name="lines", db_index=False)
    order_line = models.ForeignKey(OrderLine, on_delete=models.CASCADE, related_name="fulfillment_lines")
    quantity = QuantityField()
    picked_quantity = QuantityField(db_default=0, default=0)
    shipped_quantity = QuantityField(db_default=0, default=0)
    short_quantity = QuantityField(db_default=0, default=0, help_text="Not found on the shelf.")

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["fulfillment", "order_line"], name="fulfillment_line_once"),
            models.CheckConstraint(condition=Q(quantity__gt=0), name="fulfillment_line_of_something"),
            models.CheckConstraint(
                condition=Q(picked_quantity__gte=0, shipped_quantity__gte=0, short_quantity__gte=0)
                & Q(quantity__gte=F("shipped_quantity") + F("short_quantity"))
                & Q(quantity__gte=F("picked_quantity") + F("short_quantity")),
                name="fulfillment_line_quantities_fit",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.quantity} × {self.order_line_id}"

    @property
    def open_quantity(self) -> Decimal:
        """Units still to be sent."""
        return self.quantity - self.shipped_quantity - self.short_quantity
