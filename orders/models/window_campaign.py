"""A time span in which other edit windows hold: a drop, a sale, a holiday."""

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateTimeRangeField, RangeOperators
from django.db import models
from django.db.models import F, Func, Q


class WindowCampaign(models.Model):
    """Its rules are asked before the usual ones, for orders placed between two moments; then they end by themselves."""

    name = models.CharField(max_length=120, unique=True)
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField(help_text="Orders placed from then on get the usual windows again.")
    active = models.BooleanField(default=True, help_text="Off ends it at once.")
    note = models.TextField(blank=True, default="", db_default="")

    class Meta:
        ordering = ["-starts_at"]
        constraints = [
            models.CheckConstraint(condition=Q(ends_at__gt=F("starts_at")), name="campaign_ends_after_it_starts"),
            ExclusionConstraint(
                name="campaigns_one_at_a_time",
                expressions=[
                    (
                        Func(F("starts_at"), F("ends_at"), function="tstzrange", output_field=DateTimeRangeField()),
                        RangeOperators.OVERLAPS,
                    )
                ],
                condition=Q(active=True),
                violation_error_message="Another active campaign lies in this time span: only one can rule at a time.",
            ),
        ]

    def __str__(self) -> str:
        return self.name
