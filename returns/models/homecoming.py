"""Money of an exchange on its way home. Written once, never changed."""

import pgtrigger
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from oms.fields import AmountField
from orders.models import Order


class Homecoming(models.Model):
    """What paid for an exchange and is owed back goes to the order that it came from, and from there to its payments.

    `key` is the repayment's: a gateway that asks twice brings it home once. `of` is that first order.
    """

    key = models.CharField(max_length=80, unique=True)
    of = models.ForeignKey(Order, on_delete=models.PROTECT, related_name="+")
    reference = models.CharField(max_length=120, help_text="The exchange's name on that order.")
    amount = AmountField()
    currency = models.CharField(max_length=3)
    at = models.DateTimeField()
    recorded_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        ordering = ["id"]
        constraints = [models.CheckConstraint(condition=Q(amount__gt=0), name="homecoming_of_something")]
        triggers = [pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)]

    def __str__(self) -> str:
        return f"{self.amount} {self.currency} to {self.of_id}"
