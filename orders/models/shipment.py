"""A parcel that has left: Shopify's fulfillment."""

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from orders.absences import ShipmentNotFound
from orders.models.fulfillment import Fulfillment


class ShipmentQuerySet(models.QuerySet["Shipment"]):
    def locked(self, number: str) -> "Shipment":
        """The shipment, locked. Its order's lock comes first.

        Raises:
            ShipmentNotFound.
        """
        found = self.select_for_update(of=("self",), no_key=True).filter(number=number).first()
        if found is None:
            raise ShipmentNotFound(number)
        return found


class Shipment(models.Model):
    """One parcel on its way. `status` is where it is, by the newest tracking event."""

    class Status(models.TextChoices):
        """Shopify's shipment statuses, and RETURNED."""

        CONFIRMED = "CONFIRMED", "handed over"
        IN_TRANSIT = "IN_TRANSIT", "in transit"
        OUT_FOR_DELIVERY = "OUT_FOR_DELIVERY", "out for delivery"
        ATTEMPTED_DELIVERY = "ATTEMPTED_DELIVERY", "delivery attempted"
        READY_FOR_PICKUP = "READY_FOR_PICKUP", "ready for pickup"
        DELAYED = "DELAYED", "delayed"
        DELIVERED = "DELIVERED", "delivered"
        FAILURE = "FAILURE", "failed"
        RETURNED = "RETURNED", "coming back"

    ENDED = (Status.DELIVERED, Status.RETURNED)

    number = models.CharField(max_length=40, unique=True)
    fulfillment = models.ForeignKey(Fulfillment, on_delete=models.PROTECT, related_name="shipments", db_index=False)
    sequence = models.PositiveIntegerField()
    status = models.CharField(max_length=20, choices=Status, db_default=Status.CONFIRMED)
    carrier = models.CharField(max_length=120, blank=True, db_default="")
    service = models.CharField(max_length=120, blank=True, db_default="")
    tracking_number = models.CharField(max_length=60, blank=True, db_default="")
    tracking_url = models.URLField(max_length=500, blank=True, default="", db_default="")
    weight_grams = models.PositiveIntegerField(null=True, blank=True)
    shipped_at = models.DateTimeField()
    expected_at = models.DateTimeField(null=True, blank=True, help_text="When it should arrive.")
    delivered_at = models.DateTimeField(null=True, blank=True)
    delayed_at = models.DateTimeField(null=True, blank=True, help_text="When the customer was told of a delay.")
    last_event_at = models.DateTimeField(null=True, blank=True)
    by = models.CharField(max_length=150)
    recorded_at = models.DateTimeField(db_default=Now(), editable=False)

    objects = ShipmentQuerySet.as_manager()

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(fields=["fulfillment", "sequence"], name="shipment_in_its_place"),
            models.CheckConstraint(
                condition=Q(status="DELIVERED", delivered_at__isnull=False) | ~Q(status="DELIVERED"),
                name="shipment_delivered_has_its_moment",
            ),
        ]
        indexes = [
            models.Index(fields=["tracking_number"], condition=~Q(tracking_number=""), name="shipment_by_tracking"),
            models.Index(fields=["-shipped_at"], name="shipment_newest"),
            models.Index(
                fields=["expected_at"],
                condition=Q(delivered_at=None, delayed_at=None) & ~Q(status__in=["DELIVERED", "RETURNED"]),
                name="shipment_expected",
            ),
            models.Index(
                fields=["id"],
                condition=Q(status__in=["DELAYED", "FAILURE", "RETURNED"])
                | Q(delayed_at__isnull=False, delivered_at=None),
                name="shipment_in_trouble",
            ),
        ]

    def __str__(self) -> str:
        return self.number
