"""A place that holds stock and sends parcels."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q


def _weekdays() -> list[int]:
    return [1, 2, 3, 4, 5]


class Warehouse(models.Model):
    """A warehouse or 3PL. Stock in an inactive one cannot be promised."""

    code = models.CharField(max_length=20, unique=True)
    name = models.CharField(max_length=120)
    country = models.CharField(max_length=2)
    city = models.CharField(max_length=120, blank=True, db_default="")
    address = models.JSONField(default=dict, blank=True)
    time_zone = models.CharField(max_length=60, default="UTC")
    cut_off = models.TimeField(
        null=True, blank=True, help_text="What is released by then leaves the same day. Local time."
    )
    working_days = ArrayField(
        models.PositiveSmallIntegerField(), default=_weekdays, blank=True, help_text="1 is Monday, 7 Sunday."
    )
    holidays = ArrayField(
        models.DateField(), default=list, blank=True, help_text="Days on which nothing leaves, beside the weekly ones."
    )
    daily_capacity = models.PositiveIntegerField(
        null=True, blank=True, help_text="Parcels it can send a day; empty: as many as come."
    )
    partner = models.BooleanField(
        default=False, help_text="A 3PL that accepts or rejects each fulfillment; otherwise our own people pack it."
    )
    priority = models.PositiveIntegerField(default=100, help_text="The smaller, the sooner it is asked.")
    active = models.BooleanField(default=True)

    class Meta:
        ordering = ["priority", "code"]
        constraints = [
            models.CheckConstraint(condition=Q(code__regex=r"^[A-Z0-9_-]+$"), name="warehouse_code_is_plain"),
            models.CheckConstraint(condition=Q(country__regex=r"^[A-Z]{2}$"), name="warehouse_has_a_country"),
        ]

    def __str__(self) -> str:
        return self.code
