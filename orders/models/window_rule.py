"""How long a customer may edit: one rule of the list that an operator orders."""

from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q

from oms.fields import AmountField, QuantityField
from orders.models.window_campaign import WindowCampaign


def _codes(length: int, **fields: Any) -> ArrayField:
    return ArrayField(models.CharField(max_length=length), default=list, blank=True, **fields)


class WindowRule(models.Model):
    """Conditions, all of which must hold (an empty one always does), and the window they give. The first rule wins.

    Of an order with several lines the tightest line counts for stock, the fastest for the tier. Times are of the
    shop's zone. `rules` are judged by `orders.policies.windows.rules`; every change of the list is kept as a
    `WindowRuleSet`.
    """

    class Action(models.TextChoices):
        WINDOW = "WINDOW", "open for N minutes"
        UNTIL_CUT_OFF = "UNTIL_CUT_OFF", "open until the next cut-off"
        WHILE_AVAILABLE = "WHILE_AVAILABLE", "open for N minutes, while more than X are available"
        STAFF_ONLY = "STAFF_ONLY", "N minutes for staff only"
        NONE = "NONE", "none: released at once"

    campaign = models.ForeignKey(WindowCampaign, on_delete=models.CASCADE, null=True, blank=True, related_name="rules")
    position = models.PositiveIntegerField(default=0)
    name = models.CharField(max_length=120)
    active = models.BooleanField(default=True)

    channels = _codes(40)
    countries = _codes(2)
    shipping_methods = _codes(120)
    tags = _codes(60, help_text="Any of these on the order.")
    categories = _codes(60, help_text="A line in any of these, or below.")
    skus = _codes(100)
    velocity_tiers = _codes(40)
    customer_tiers = _codes(40)
    available_above = QuantityField(null=True, blank=True)
    available_at_most = QuantityField(null=True, blank=True)
    cover_above = models.FloatField("days of cover above", null=True, blank=True)
    cover_at_most = models.FloatField("days of cover at most", null=True, blank=True)
    currency = models.CharField(max_length=3, blank=True, default="", db_default="", help_text="Of the two values.")
    value_from = AmountField(null=True, blank=True)
    value_below = AmountField(null=True, blank=True)
    weekdays = ArrayField(
        models.PositiveSmallIntegerField(validators=[MinValueValidator(1), MaxValueValidator(7)]),
        default=list,
        blank=True,
        help_text="1 is Monday, 7 Sunday.",
    )
    from_time = models.TimeField(null=True, blank=True)
    until_time = models.TimeField(null=True, blank=True, help_text="Before the first: the span runs past midnight.")
    cut_off_within = models.PositiveIntegerField(
        null=True, blank=True, help_text="The next warehouse cut-off is at most so many minutes away."
    )

    action = models.CharField(max_length=20, choices=Action, default=Action.WINDOW)
    minutes = models.PositiveIntegerField(null=True, blank=True)
    above = QuantityField(null=True, blank=True, help_text="Units of each line's SKU that must stay available.")

    class Meta:
        ordering = [F("campaign").asc(nulls_last=True), "position", "id"]
        permissions = [("arrange_rules", "Can arrange edit window rules")]
        constraints = [
            models.CheckConstraint(
                # `isnull` is said, for a CHECK lets through what is neither true nor false.
                condition=Q(action__in=["WINDOW", "STAFF_ONLY"], minutes__isnull=False, minutes__gt=0, above=None)
                | Q(action="WHILE_AVAILABLE", minutes__isnull=False, minutes__gt=0, above__isnull=False, above__gte=0)
                | Q(action__in=["UNTIL_CUT_OFF", "NONE"], minutes=None, above=None),
                name="window_rule_action_is_whole",
                violation_error_message="Say the minutes (and the units that must stay) exactly where the action "
                "needs them.",
            ),
            models.CheckConstraint(
                condition=Q(value_from=None, value_below=None) | Q(currency__regex=r"^[A-Z]{3}$"),
                name="window_rule_value_has_a_currency",
                violation_error_message="Say in which currency the value is.",
            ),
            models.CheckConstraint(
                condition=Q(from_time=None, until_time=None) | Q(from_time__isnull=False, until_time__isnull=False),
                name="window_rule_time_span_is_whole",
                violation_error_message="A time span needs its beginning and its end.",
            ),
        ]

    def __str__(self) -> str:
        return self.name
