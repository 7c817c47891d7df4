"""What a return cost, and what it brought. Written once, never changed."""

import pgtrigger
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from oms.fields import AmountField
from returns.models.return_ import Return
from returns.models.return_item import ReturnItem


class ReturnCost(models.Model):
    """One part of a return's profit and loss. Costs are positive, income is negative; in the order's currency."""

    class Kind(models.TextChoices):
        FREIGHT_OUT = "FREIGHT_OUT", "freight to the customer"
        FREIGHT_BACK = "FREIGHT_BACK", "freight back"
        DUTY = "DUTY", "duty"
        HANDLING = "HANDLING", "handling"
        WRITE_DOWN = "WRITE_DOWN", "loss of value"
        BONUS = "BONUS", "bonus on store credit"
        FEE = "FEE", "fees the customer paid"
        RESALE = "RESALE", "resale"

    of = models.ForeignKey(Return, on_delete=models.PROTECT, related_name="costs")
    item = models.ForeignKey(ReturnItem, on_delete=models.PROTECT, null=True, blank=True, related_name="costs")
    kind = models.CharField(max_length=12, choices=Kind)
    amount = AmountField()
    currency = models.CharField(max_length=3)
    note = models.CharField(max_length=255, blank=True, db_default="")
    key = models.CharField(max_length=120, unique=True)
    at = models.DateTimeField()
    recorded_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(kind__in=["FEE", "RESALE"], amount__lte=0)
                | ~Q(kind__in=["FEE", "RESALE"]) & Q(amount__gte=0),
                name="return_cost_has_its_sign",
            )
        ]
        triggers = [pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)]

    def __str__(self) -> str:
        return f"{self.kind} {self.amount} {self.currency}"
