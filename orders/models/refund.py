"""Money that went back."""

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from oms.fields import AmountField
from orders.models.order import Order
from orders.models.payment import Payment


class Refund(models.Model):
    """One refund of an order; `external_id` is the channel's or the gateway's name for it."""

    order = models.ForeignKey(Order, on_delete=models.CASCADE, related_name="refunds")
    payment = models.ForeignKey(
        Payment, on_delete=models.PROTECT, null=True, blank=True, related_name="refunds", help_text="Where it is known."
    )
    external_id = models.CharField(max_length=100, blank=True, db_default="")
    gateway = models.CharField(max_length=60, blank=True, db_default="")
    amount = AmountField()
    currency = models.CharField(max_length=3)
    reason = models.CharField(max_length=255, blank=True, db_default="")
    lines = models.JSONField(db_default=[], default=list, blank=True, help_text='[{"line": 1, "quantity": 1}]')
    refunded_at = models.DateTimeField()
    recorded_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(amount__gte=0), name="refund_not_negative"),
            models.UniqueConstraint(
                fields=["order", "external_id"], condition=~Q(external_id=""), name="refund_recorded_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.amount} {self.currency}"
