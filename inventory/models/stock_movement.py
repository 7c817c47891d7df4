"""Every change of stock, with its cause and its author. Written once, never changed."""

import pgtrigger
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from inventory.models.variant import Variant
from inventory.models.warehouse import Warehouse
from oms.fields import QuantityField


class StockMovement(models.Model):
    """`delta` units into (or, negative, out of) one state of one level. A level is the sum of its movements."""

    class Bucket(models.TextChoices):
        ON_HAND = "on_hand", "on hand"
        ALLOCATED = "allocated", "allocated"
        SAFETY = "safety", "safety"
        DAMAGED = "damaged", "damaged"
        QUALITY_CONTROL = "quality_control", "quality control"
        INCOMING = "incoming", "incoming"

    class Cause(models.TextChoices):
        OPENING = "OPENING", "opening balance"
        RECEIPT = "RECEIPT", "received"
        COUNT = "COUNT", "counted"
        ADJUSTMENT = "ADJUSTMENT", "adjusted"
        TRANSFER = "TRANSFER", "transferred"
        SAFETY = "SAFETY", "safety stock set"
        ANNOUNCED = "ANNOUNCED", "announced by supplier"
        DAMAGE = "DAMAGE", "damaged"
        INSPECTION = "INSPECTION", "inspected"
        ALLOCATION = "ALLOCATION", "allocated to an order"
        SHIPMENT = "SHIPMENT", "shipped"
        RETURN = "RETURN", "came back"
        REPAIR = "REPAIR", "ledger repaired"

    variant = models.ForeignKey(Variant, on_delete=models.PROTECT, related_name="movements")
    warehouse = models.ForeignKey(Warehouse, on_delete=models.PROTECT, related_name="movements")
    bucket = models.CharField(max_length=20, choices=Bucket)
    delta = QuantityField()
    cause = models.CharField(max_length=20, choices=Cause)
    by = models.CharField(max_length=150)
    at = models.DateTimeField()
    reference = models.CharField(max_length=100, db_default="", blank=True, help_text="What it was for.")
    note = models.CharField(max_length=255, db_default="", blank=True)
    idempotency_key = models.CharField(max_length=255, null=True, blank=True)  # noqa: DJ001 - none is not ""
    entry = models.PositiveIntegerField(db_default=0, help_text="Its place among the movements of one key.")
    recorded_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~Q(delta=0), name="movement_moves_something"),
            models.UniqueConstraint(
                fields=["idempotency_key", "entry"],
                condition=Q(idempotency_key__isnull=False),
                name="movement_made_once",
            ),
        ]
        indexes = [models.Index(fields=["variant", "warehouse", "-id"], name="movement_of_level")]
        triggers = [
            pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete),
        ]

    def __str__(self) -> str:
        return f"{self.delta:+} {self.bucket} ({self.cause})"
