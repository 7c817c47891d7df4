"""How much of a SKU may still be promised: the one row that all buyers of it meet at."""

from math import log

from django.db import models
from django.db.models import Case, F, Func, Q, When
from django.db.models.functions import Floor, Ln, Now

from inventory.models.variant import Variant
from inventory.policies.velocity import MEMORY
from oms.fields import QuantityField

_SECONDS = Func(
    F("velocity_at"),
    template="extract(epoch FROM %(expressions)s AT TIME ZONE 'UTC')::float8",
    output_field=models.FloatField(),
)
_PACE = Floor((Ln("velocity") + _SECONDS / MEMORY.total_seconds()) / log(2))


class Availability(models.Model):
    """The promise row of a SKU. available = sellable − promised, and the database keeps it from going below zero.

    `sellable` is the sum over active warehouses of what exceeds safety there; `promised` the sum of promised
    reservations. `velocity` is the decayed mean of units sold a day (see `inventory.policies.velocity`), kept with
    each promise; `pace` sorts by it, whatever the time: one more sells twice as fast. It lets an index find what sells
    best, and changes so seldom that hardly a promise touches that index. A SKU is `low` once available falls to its
    threshold, and stays so until it has clearly recovered (see `inventory.policies.thresholds`).
    """

    variant = models.OneToOneField(Variant, on_delete=models.PROTECT, primary_key=True, related_name="availability")
    sellable = QuantityField(db_default=0)
    promised = QuantityField(db_default=0)
    velocity = models.FloatField(db_default=0, help_text="Units a day.")
    velocity_at = models.DateTimeField(null=True, blank=True)
    pace = models.GeneratedField(
        expression=Case(When(velocity__gt=0, then=_PACE)), output_field=models.SmallIntegerField(), db_persist=True
    )
    threshold_units = QuantityField(null=True, blank=True, help_text="Low at this many units.")
    threshold_days = models.FloatField(null=True, blank=True, help_text="Low at this many days of cover.")
    watch_units = QuantityField(
        null=True, blank=True, help_text="Somebody asked to be told once available falls to this many units."
    )
    low = models.BooleanField(db_default=False)
    low_since = models.DateTimeField(null=True, blank=True)
    updated_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        verbose_name_plural = "availability"
        constraints = [
            models.CheckConstraint(condition=Q(promised__gte=0), name="promised_never_negative"),
            models.CheckConstraint(condition=Q(promised__lte=F("sellable")), name="never_oversold"),
            models.CheckConstraint(
                condition=Q(threshold_units=None) | Q(threshold_units__gte=0), name="threshold_units_not_negative"
            ),
            models.CheckConstraint(
                condition=Q(threshold_days=None) | Q(threshold_days__gte=0), name="threshold_days_not_negative"
            ),
        ]
        indexes = [
            models.Index(fields=["low_since"], condition=Q(low=True), name="availability_low"),
            models.Index(F("pace").desc(), "variant", condition=Q(pace__isnull=False), name="availability_by_pace"),
        ]

    def __str__(self) -> str:
        return str(self.variant_id)
