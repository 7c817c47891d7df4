"""How far the house carrier has counted."""

from django.db import models
from django.db.models import Q


class HouseSerial(models.Model):
    """The last serial that was given out of one S10 indicator and country. A number is never given out twice."""

    indicator = models.CharField(max_length=2)
    country = models.CharField(max_length=2)
    last = models.PositiveIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["indicator", "country"], name="one_house_serial_a_range"),
            models.CheckConstraint(condition=Q(last__lte=99_999_999), name="house_serial_has_eight_digits"),
        ]

    def __str__(self) -> str:
        return f"{self.indicator} {self.last:08} {self.country}"
