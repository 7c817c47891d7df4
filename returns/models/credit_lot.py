"""Credit that was given at one time, for one reason."""

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now

from oms.fields import AmountField
from returns.models.credit_account import CreditAccount


class CreditLot(models.Model):
    """Base and bonus of one gift, and what is left of each. Its bonus may run out sooner than its base.

    `source` names what it was given for: "return:RMA-1", "goodwill:…". One that is not `earned` was advanced.
    """

    account = models.ForeignKey(CreditAccount, on_delete=models.PROTECT, related_name="lots")
    key = models.CharField(max_length=120, unique=True, help_text="The idempotency key of its issue.")
    source = models.CharField(max_length=60)
    base = AmountField()
    bonus = AmountField(default=0)
    base_left = AmountField()
    bonus_left = AmountField(default=0)
    base_expires_at = models.DateTimeField(null=True, blank=True)
    bonus_expires_at = models.DateTimeField(null=True, blank=True)
    earned = models.BooleanField(default=True)
    warned_at = models.DateTimeField(null=True, blank=True, help_text="When its end was announced.")
    issued_at = models.DateTimeField()
    recorded_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(base__gte=0, bonus__gte=0, base_left__gte=0, bonus_left__gte=0)
                & Q(base_left__lte=F("base"), bonus_left__lte=F("bonus")),
                name="credit_lot_left_is_a_part",
            ),
        ]
        indexes = [
            models.Index(
                fields=["account", "id"], condition=Q(base_left__gt=0) | Q(bonus_left__gt=0), name="credit_lot_open"
            ),
            models.Index(fields=["bonus_expires_at"], condition=Q(bonus_left__gt=0), name="credit_bonus_running_out"),
            models.Index(fields=["base_expires_at"], condition=Q(base_left__gt=0), name="credit_base_running_out"),
        ]

    def __str__(self) -> str:
        return f"{self.base_left} + {self.bonus_left}"
