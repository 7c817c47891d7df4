"""What a carrier or 3PL reported of a parcel. Written once, never changed."""

import pgtrigger
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from orders.models.label import Label
from orders.models.shipment import Shipment


class TrackingEvent(models.Model):
    """One report. `external_id` is the reporter's own name for it, or a digest of what it says: twice counts once.

    Of a parcel that comes back it is the label that is followed.
    """

    shipment = models.ForeignKey(
        Shipment, on_delete=models.CASCADE, null=True, blank=True, related_name="tracking_events", db_index=False
    )
    label = models.ForeignKey(
        Label, on_delete=models.CASCADE, null=True, blank=True, related_name="tracking_events", db_index=False
    )
    external_id = models.CharField(max_length=100)
    status = models.CharField(max_length=20, choices=Shipment.Status)
    at = models.DateTimeField(help_text="When it happened, as the reporter says.")
    place = models.CharField(max_length=120, blank=True, db_default="")
    description = models.CharField(max_length=255, blank=True, db_default="")
    by = models.CharField(max_length=150)
    recorded_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        ordering = ["at", "id"]
        constraints = [
            models.UniqueConstraint(fields=["shipment", "external_id"], name="tracking_event_once"),
            models.UniqueConstraint(
                fields=["label", "external_id"], condition=Q(label__isnull=False), name="tracking_event_back_once"
            ),
            models.CheckConstraint(
                condition=Q(shipment__isnull=False, label=None) | Q(shipment=None, label__isnull=False),
                name="tracking_event_of_one_parcel",
            ),
        ]
        triggers = [pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)]

    def __str__(self) -> str:
        return f"{self.status} at {self.at:%Y-%m-%d %H:%M}"
