"""The whole list of rules as it stood at one time."""

import pgtrigger
from django.db import models


class WindowRuleSet(models.Model):
    """One edition of the rules, campaigns and tiers included. Append-only: orders name the edition that judged them.

    Replaying an old order with its edition gives its window again.
    """

    rules = models.JSONField()
    at = models.DateTimeField()
    by = models.CharField(max_length=150)

    class Meta:
        ordering = ["-id"]
        triggers = [
            pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete),
        ]

    def __str__(self) -> str:
        return f"Edition {self.pk}"
