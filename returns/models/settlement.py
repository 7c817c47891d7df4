"""What a customer got for goods that came back. Written once, never changed."""

import pgtrigger
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now

from oms.fields import AmountField
from orders.models import Order
from returns.choices import Resolution, as_choices
from returns.models.return_ import Return


class Settlement(models.Model):
    """One remedy for items of a return, in the order's currency. `key` makes the deed one that happens once.

    value = what the items cost the customer (their share of discounts and tax). given = value + shipping − fees, and
    goes back as money or as the base of store credit; `bonus` comes on top of credit. Of an exchange `value` is what
    the new items are paid with, `order` the one that brings them.
    """

    of = models.ForeignKey(Return, on_delete=models.PROTECT, related_name="settlements")
    key = models.CharField(max_length=120, unique=True)
    remedy = models.CharField(max_length=16, choices=as_choices(Resolution))
    value = AmountField()
    shipping = AmountField(default=0, db_default=0)
    fees = AmountField(default=0, db_default=0)
    given = AmountField()
    bonus = AmountField(default=0, db_default=0)
    currency = models.CharField(max_length=3)
    order = models.ForeignKey(Order, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    advanced = models.BooleanField(default=False, db_default=False, help_text="Given before the goods were there.")
    by = models.CharField(max_length=150)
    at = models.DateTimeField()
    recorded_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(value__gte=0, shipping__gte=0, fees__gte=0, given__gte=0, bonus__gte=0),
                name="settlement_not_negative",
            ),
            models.CheckConstraint(
                condition=Q(given=F("value") + F("shipping") - F("fees")), name="settlement_adds_up"
            ),
        ]
        triggers = [pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)]

    def __str__(self) -> str:
        return f"{self.remedy} {self.given} {self.currency}"
