"""Who decides on a return that is asked for: the first rule that fits."""

from django.db import models
from django.db.models import Q


class ReturnRule(models.Model):
    """Rules are asked in the order of their position; conditions of one rule must all hold.

    `conditions` is checked by `returns.policies.deciding`. Where none fits, a person decides.
    """

    class Verdict(models.TextChoices):
        APPROVE = "APPROVE", "approve"
        REVIEW = "REVIEW", "a person decides"
        DECLINE = "DECLINE", "decline"
        KEEP_IT = "KEEP_IT", "approve, and they keep it"

    position = models.PositiveIntegerField(default=0)
    name = models.CharField(max_length=120)
    conditions = models.JSONField(default=dict, blank=True)
    verdict = models.CharField(max_length=10, choices=Verdict)
    explanations = models.JSONField(
        default=dict, db_default={}, blank=True, help_text="Told to the customer, by language: {“en”: …}."
    )
    active = models.BooleanField(default=True, db_default=True)

    class Meta:
        ordering = ["position", "id"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(verdict="DECLINE") | ~Q(explanations={}), name="return_rule_that_declines_says_why"
            )
        ]

    def __str__(self) -> str:
        return f"{self.position}. {self.name}"
