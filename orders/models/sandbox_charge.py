"""Money that nobody has: what the sandbox gateway remembers."""

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from oms.fields import AmountField


class SandboxCharge(models.Model):
    """One pay page of the sandbox, or a charge that it took over; the row is the gateway's memory, not ours.

    `key` and those in `refunds` are idempotency keys; `fingerprint` tells the same request from another one.
    """

    reference = models.CharField(max_length=255, unique=True)
    key = models.CharField(max_length=255, blank=True, db_default="")
    fingerprint = models.CharField(max_length=64, blank=True, db_default="")
    state = models.CharField(
        max_length=10,
        choices=[("OPEN", "waits"), ("PAID", "paid"), ("DECLINED", "declined"), ("EXPIRED", "ran out")],
    )
    title = models.CharField(max_length=255, blank=True, db_default="")
    amount = AmountField()
    currency = models.CharField(max_length=3)
    return_url = models.TextField(blank=True, db_default="")
    expires_at = models.DateTimeField(null=True, blank=True)
    refunds = models.JSONField(db_default=[], default=list, blank=True, help_text='[{"key", "reference", "amount"}]')
    recorded_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["key"], condition=~Q(key=""), name="sandbox_key_once"),
            models.CheckConstraint(condition=Q(amount__gt=0), name="sandbox_charge_of_something"),
        ]

    def __str__(self) -> str:
        return self.reference
