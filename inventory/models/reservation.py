"""A promise of units to somebody, or a place in the queue for them."""

from django.db import models
from django.db.models import Q

from inventory.models.variant import Variant
from oms.fields import QuantityField


class ReservationQuerySet(models.QuerySet["Reservation"]):
    def open(self) -> "ReservationQuerySet":
        """Promised, or waiting for stock."""
        return self.filter(state__in=Reservation.OPEN)


class Reservation(models.Model):
    """Units of one SKU kept for one opaque reference (an order's number, as it happens).

    A reference that wants more of a SKU later claims it in a second row, with its own place in the queue.

    PROMISED counts into `Availability.promised`; SHORT waits its turn, oldest `since` first; SETTLED left with the
    goods; RELEASED was let go.
    """

    class State(models.TextChoices):
        PROMISED = "PROMISED", "promised"
        SHORT = "SHORT", "waiting for stock"
        SETTLED = "SETTLED", "shipped"
        RELEASED = "RELEASED", "let go"

    OPEN = (State.PROMISED, State.SHORT)

    reference = models.CharField(max_length=60)
    variant = models.ForeignKey(Variant, on_delete=models.PROTECT, related_name="reservations")
    quantity = QuantityField()
    state = models.CharField(max_length=10, choices=State, db_default=State.PROMISED)
    since = models.DateTimeField(help_text="Its place in the queue.")
    closed_at = models.DateTimeField(null=True, blank=True)

    objects = ReservationQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["reference", "variant", "since"],
                condition=Q(state__in=["PROMISED", "SHORT"]),
                name="reserved_once",
            ),
            models.CheckConstraint(condition=Q(quantity__gt=0), name="reservation_of_something"),
        ]
        indexes = [
            models.Index(fields=["variant", "since", "id"], condition=Q(state="SHORT"), name="reservation_queue"),
            models.Index(fields=["variant"], condition=Q(state="PROMISED"), name="reservation_promised"),
        ]

    def __str__(self) -> str:
        return f"{self.quantity} × {self.variant_id} for {self.reference}"
