"""Orders that were routed together."""

from django.db import models

from oms.fields import AmountField


class RoutingWave(models.Model):
    """One wave: how many orders it looked at, what it cost, and how close to the best that is.

    `cost` and `bound` are estimates in the shop's currency; no plan for the same orders costs less than `bound`.
    """

    class Solver(models.TextChoices):
        GREEDY = "greedy", "one after the other"
        TOGETHER = "together", "all together (HiGHS)"

    at = models.DateTimeField()
    by = models.CharField(max_length=150)
    orders = models.PositiveIntegerField(db_default=0)
    routed = models.PositiveIntegerField(db_default=0)
    unrouted = models.PositiveIntegerField(db_default=0)
    parts = models.PositiveIntegerField(db_default=0)
    solver = models.CharField(max_length=10, choices=Solver, blank=True, db_default="")
    currency = models.CharField(max_length=3)
    cost = AmountField(db_default=0)
    bound = AmountField(null=True, blank=True)
    greedy_cost = AmountField(db_default=0)
    gap = models.FloatField(null=True, blank=True, help_text="How much dearer than the best it can be, as a share.")
    seconds = models.FloatField(db_default=0, help_text="What the solvers took.")

    class Meta:
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"Wave {self.pk}"
