"""What is in a parcel."""

from django.db import models
from django.db.models import Q

from oms.fields import QuantityField
from orders.models.fulfillment_line import FulfillmentLine
from orders.models.shipment import Shipment


class ShipmentLine(models.Model):
    """Units of one fulfillment line in one parcel."""

    shipment = models.ForeignKey(Shipment, on_delete=models.CASCADE, related_name="lines", db_index=False)
    fulfillment_line = models.ForeignKey(FulfillmentLine, on_delete=models.PROTECT, related_name="shipment_lines")
    quantity = QuantityField()

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["shipment", "fulfillment_line"], name="shipment_line_once"),
            models.CheckConstraint(condition=Q(quantity__gt=0), name="shipment_line_of_something"),
        ]

    def __str__(self) -> str:
        return f"{self.quantity} × {self.fulfillment_line_id}"
