"""How fast a SKU sells, in the merchant's own steps."""

from django.db import models
from django.db.models import Q


class VelocityTier(models.Model):
    """SKUs that sell at least so many units a day, up to the next tier: hot, regular, slow."""

    code = models.SlugField(unique=True, max_length=40)
    name = models.CharField(max_length=60)
    from_units_a_day = models.FloatField(unique=True, help_text="The tier begins here; one tier begins at 0.")

    class Meta:
        ordering = ["-from_units_a_day"]
        constraints = [
            models.CheckConstraint(condition=Q(from_units_a_day__gte=0), name="velocity_tier_not_negative"),
        ]

    def __str__(self) -> str:
        return self.name
