"""Money that came in, or is promised to."""

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from oms.fields import AmountField
from orders.models.order import Order


class Payment(models.Model):
    """One payment of an order. Only CAPTURED ones count into `Order.paid`."""

    class Status(models.TextChoices):
        PENDING = "PENDING", "pending"
        AUTHORIZED = "AUTHORIZED", "authorized"
        CAPTURED = "CAPTURED", "captured"
        VOIDED = "VOIDED", "voided"
        FAILED = "FAILED", "failed"

    order = models.ForeignKey(Order, on_delete=models.CASCADE, related_name="payments")
    gateway = models.CharField(max_length=60)
    reference = models.CharField(max_length=255, blank=True, db_default="", help_text="The gateway's own id.")
    status = models.CharField(max_length=12, choices=Status)
    amount = AmountField()
    currency = models.CharField(max_length=3)
    captured_at = models.DateTimeField(null=True, blank=True)
    recorded_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(amount__gte=0), name="payment_not_negative"),
            models.UniqueConstraint(
                fields=["order", "gateway", "reference"], condition=~Q(reference=""), name="payment_recorded_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.amount} {self.currency} {self.status}"
