"""That somebody who was about to return something was advised, and what became of it."""

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from orders.models import OrderLine
from returns.models.return_advice import ReturnAdvice


class AdviceShown(models.Model):
    """One row a line and advice, however often it is looked at. Without an `advice` it was that of the sizes.

    `kept_at`: they said that they keep it. `returned_at`: it came back
    all the same. Neither: they went away.
    """

    line = models.ForeignKey(OrderLine, on_delete=models.CASCADE, related_name="+")
    advice = models.ForeignKey(ReturnAdvice, on_delete=models.CASCADE, null=True, blank=True, related_name="shown")
    shown_at = models.DateTimeField()
    kept_at = models.DateTimeField(null=True, blank=True)
    returned_at = models.DateTimeField(null=True, blank=True)
    recorded_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        verbose_name_plural = "advice shown"
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(fields=["line", "advice"], nulls_distinct=False, name="advice_shown_once_a_line"),
            models.CheckConstraint(condition=Q(kept_at=None) | Q(returned_at=None), name="advice_has_one_outcome"),
        ]

    def __str__(self) -> str:
        return f"{self.advice or 'sizes'}: {self.line_id}"
