"""A reason why an order may not go out yet."""

from datetime import datetime

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from oms.fields import QuantityField
from orders.models.order import Order


class HoldQuerySet(models.QuerySet["Hold"]):
    def open(self, *, at: datetime) -> "HoldQuerySet":
        """Neither closed nor run out by itself."""
        return self.filter(Q(until=None) | Q(until__gt=at), closed_at=None)


class Hold(models.Model):
    """One hold. It ends when somebody closes it or, where `until` is set, by itself at that moment."""

    class Reason(models.TextChoices):
        EDIT_WINDOW = "EDIT_WINDOW", "edit window"
        PAYMENT = "PAYMENT", "waiting for payment"
        FRAUD_REVIEW = "FRAUD_REVIEW", "fraud review"
        ADDRESS_CHECK = "ADDRESS_CHECK", "address check"
        STOCK_SHORT = "STOCK_SHORT", "stock short"
        TOTALS_MISMATCH = "TOTALS_MISMATCH", "totals do not add up"
        EXCHANGE_AWAITING_RETURN = "EXCHANGE_AWAITING_RETURN", "exchange awaiting return"
        EDIT_OPEN = "EDIT_OPEN", "a change waits"
        STAFF = "STAFF", "held by staff"

    order = models.ForeignKey(Order, on_delete=models.CASCADE, related_name="holds")
    reason = models.CharField(max_length=30, choices=Reason)
    detail = models.CharField(max_length=255, blank=True, db_default="")
    rule = models.CharField(max_length=120, blank=True, db_default="", help_text="The rule that set it.")
    rule_set = models.PositiveBigIntegerField(null=True, blank=True, help_text="The edition of the rules.")
    facts = models.JSONField(
        db_default={}, default=dict, blank=True, help_text="What the sentence says, for other languages."
    )
    staff_only = models.BooleanField(db_default=False, default=False, help_text="The window is not the customer's.")
    above = QuantityField(null=True, blank=True, help_text="It ends once a line's SKU has no more than this available.")
    until = models.DateTimeField(null=True, blank=True)
    opened_at = models.DateTimeField()
    opened_by = models.CharField(max_length=150)
    closed_at = models.DateTimeField(null=True, blank=True)
    closed_by = models.CharField(max_length=150, blank=True, db_default="")
    closed_because = models.JSONField(
        db_default={}, default=dict, blank=True, help_text='Why: {"code": "low_stock", "skus": […]}; {}: it ran out.'
    )
    recorded_at = models.DateTimeField(db_default=Now(), editable=False)

    objects = HoldQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["order", "reason"], condition=Q(closed_at=None), name="one_open_hold_a_reason"
            ),
            models.CheckConstraint(
                condition=Q(closed_at=None, closed_by="") | Q(closed_at__isnull=False) & ~Q(closed_by=""),
                name="hold_closed_by_somebody",
            ),
        ]
        indexes = [
            models.Index(fields=["until"], condition=Q(closed_at=None), name="hold_running_out"),
            models.Index(fields=["reason", "order"], condition=Q(closed_at=None), name="hold_open_by_reason"),
            models.Index(fields=["order"], condition=Q(closed_by__startswith="staff:"), name="hold_closed_by_staff"),
        ]

    def __str__(self) -> str:
        return self.reason

    def is_open(self, *, at: datetime) -> bool:
        return self.closed_at is None and (self.until is None or self.until > at)
