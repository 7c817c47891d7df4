"""How likely a return is not what it says it is, and why."""

from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from returns.models.return_ import Return


class AbuseScore(models.Model):
    """0 to 100, with the signals that made it: [{"signal", "weight", "points", "evidence": {…}, "sentence"}].

    Staff may overturn it, with a reason; then it has no effect any more.
    """

    of = models.OneToOneField(Return, on_delete=models.CASCADE, primary_key=True, related_name="abuse_score")
    points = models.PositiveSmallIntegerField()
    signals = models.JSONField(default=list)
    effects = models.JSONField(default=list, help_text="What it led to: review, fee, no_advance.")
    address_mark = models.CharField(
        max_length=64, blank=True, db_default="", default="", help_text="The address it was sent to, as a digest."
    )
    payment_marks = ArrayField(models.CharField(max_length=64), default=list, blank=True, help_text="As digests.")
    judged_at = models.DateTimeField()
    overturned_at = models.DateTimeField(null=True, blank=True)
    overturned_by = models.CharField(max_length=150, blank=True, db_default="")
    overturned_because = models.CharField(max_length=255, blank=True, db_default="")
    recorded_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        permissions = [("overturn_abusescore", "Can overturn abuse scores")]
        indexes = [
            models.Index(fields=["address_mark"], condition=~Q(address_mark=""), name="abuse_score_by_address"),
            # Each new return asks and adds: what waits to be put in would be read through every time.
            GinIndex(fields=["payment_marks"], name="abuse_score_by_payment", fastupdate=False),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(points__lte=100), name="abuse_score_to_a_hundred"),
            models.CheckConstraint(
                condition=Q(overturned_at=None)
                | Q(overturned_at__isnull=False) & ~Q(overturned_by="") & ~Q(overturned_because=""),
                name="abuse_score_overturned_by_somebody",
            ),
        ]

    def __str__(self) -> str:
        return str(self.points)

    @property
    def effects_now(self) -> list[str]:
        """What it leads to: nothing any more once a person overturned it."""
        return [] if self.overturned_at else list(self.effects)

    @property
    def strongest(self) -> dict[str, Any] | None:
        """The signal that weighs most."""
        return self.signals[0] if self.signals else None
