"""A parcel on its way back."""

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from orders.models import Label
from returns.models.return_ import Return


class ReturnParcel(models.Model):
    """How goods travel back: under a label of ours, by QR code at a shop, or with a number that the customer told us.

    `token` is what a QR code at a drop-off names it by.
    """

    class Status(models.TextChoices):
        ANNOUNCED = "ANNOUNCED", "announced"
        IN_TRANSIT = "IN_TRANSIT", "in transit"
        DELIVERED = "DELIVERED", "delivered"
        LOST = "LOST", "lost"

    of = models.ForeignKey(Return, on_delete=models.PROTECT, related_name="parcels")
    label = models.OneToOneField(
        Label, on_delete=models.PROTECT, null=True, blank=True, related_name="return_parcel", help_text="One of ours."
    )
    status = models.CharField(max_length=12, choices=Status, default=Status.ANNOUNCED, db_default=Status.ANNOUNCED)
    carrier = models.CharField(max_length=120, blank=True, db_default="")
    tracking_number = models.CharField(max_length=60, blank=True, db_default="")
    tracking_url = models.URLField(max_length=500, blank=True, default="", db_default="")
    token = models.CharField(max_length=40, unique=True)
    events = models.JSONField(default=list, blank=True, help_text='[{"id", "status", "at", "place", "description"}]')
    announced_at = models.DateTimeField()
    scanned_at = models.DateTimeField(null=True, blank=True, help_text="The carrier's first scan.")
    delivered_at = models.DateTimeField(null=True, blank=True)
    tracked_at = models.DateTimeField(null=True, blank=True, help_text="When we last asked about a number of theirs.")
    recorded_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        ordering = ["id"]
        indexes = [
            models.Index(
                fields=["tracking_number"], condition=~Q(tracking_number=""), name="return_parcel_by_tracking"
            ),
            models.Index(
                fields=["tracked_at"],
                condition=Q(label=None, status__in=["ANNOUNCED", "IN_TRANSIT"]) & ~Q(tracking_number=""),
                name="return_parcel_to_follow",
            ),
        ]

    def __str__(self) -> str:
        return self.tracking_number or self.token
