"""Credit that a till or a shop holds for a sale."""

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now

from oms.fields import AmountField
from orders.models import Order
from returns.models.credit_account import CreditAccount


class CreditAuthorization(models.Model):
    """An amount set aside until it is captured, voided, or out of time. `captured` and `reversed` only grow."""

    class State(models.TextChoices):
        AUTHORIZED = "AUTHORIZED", "authorized"
        CAPTURED = "CAPTURED", "captured"
        VOIDED = "VOIDED", "voided"
        EXPIRED = "EXPIRED", "expired"

    key = models.CharField(max_length=32, unique=True, editable=False, help_text="What the API names it by.")
    account = models.ForeignKey(CreditAccount, on_delete=models.PROTECT, related_name="authorizations")
    order = models.ForeignKey(Order, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    reference = models.CharField(max_length=120, blank=True, db_default="", help_text="What the till calls the sale.")
    state = models.CharField(max_length=10, choices=State, default=State.AUTHORIZED, db_default=State.AUTHORIZED)
    amount = AmountField()
    captured = AmountField(default=0, db_default=0)
    reversed = AmountField(default=0, db_default=0, help_text="Given back as credit when the goods came back.")
    currency = models.CharField(max_length=3)
    expires_at = models.DateTimeField()
    authorized_at = models.DateTimeField()
    authorized_by = models.CharField(max_length=150)
    ended_at = models.DateTimeField(null=True, blank=True)
    recorded_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(condition=Q(amount__gt=0), name="credit_authorization_of_something"),
            models.CheckConstraint(
                condition=Q(captured__gte=0, captured__lte=F("amount"), reversed__gte=0, reversed__lte=F("captured")),
                name="credit_captured_was_authorized",
            ),
            models.CheckConstraint(
                condition=Q(state="AUTHORIZED", ended_at=None, captured=0)
                | ~Q(state="AUTHORIZED") & Q(ended_at__isnull=False),
                name="credit_authorization_ended_has_its_moment",
            ),
        ]
        indexes = [
            models.Index(fields=["expires_at"], condition=Q(state="AUTHORIZED"), name="credit_authorization_due"),
            models.Index(fields=["account", "-id"], name="credit_authorization_newest"),
        ]

    def __str__(self) -> str:
        return f"{self.amount} {self.currency} {self.state}"
