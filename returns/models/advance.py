"""Money or goods given before the goods were back."""

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from oms.fields import AmountField
from returns.models.return_ import Return
from returns.models.settlement import Settlement


class Advance(models.Model):
    """What we risk until the goods are there. After `due_at` the customer is charged, or a person decides."""

    class State(models.TextChoices):
        OPEN = "OPEN", "the goods are awaited"
        EARNED = "EARNED", "the goods came"
        OVERDUE = "OVERDUE", "a person decides"
        CHARGED = "CHARGED", "the customer was charged"
        FORGIVEN = "FORGIVEN", "forgiven"

    of = models.ForeignKey(Return, on_delete=models.PROTECT, related_name="advances")
    settlement = models.OneToOneField(Settlement, on_delete=models.PROTECT, related_name="advance")
    state = models.CharField(max_length=10, choices=State, default=State.OPEN, db_default=State.OPEN)
    amount = AmountField()
    currency = models.CharField(max_length=3)
    due_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)
    note = models.CharField(max_length=255, blank=True, db_default="")
    recorded_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(condition=Q(amount__gt=0), name="advance_of_something"),
            models.CheckConstraint(
                condition=Q(state__in=["OPEN", "OVERDUE"], ended_at=None)
                | ~Q(state__in=["OPEN", "OVERDUE"]) & Q(ended_at__isnull=False),
                name="advance_ended_has_its_moment",
            ),
        ]
        indexes = [models.Index(fields=["due_at"], condition=Q(state="OPEN"), name="advance_due")]

    def __str__(self) -> str:
        return f"{self.amount} {self.currency} {self.state}"
