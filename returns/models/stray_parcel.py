"""Goods at the door that nobody announced."""

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from returns.models.return_ import Return
from returns.models.return_node import ReturnNode


class StrayParcel(models.Model):
    """A parcel whose return nobody knows, as it was found. It waits for a person, who says what it was.

    `code` is what was scanned, `items` what was in it: [{"sku", "quantity", "note"}].
    """

    node = models.ForeignKey(ReturnNode, on_delete=models.PROTECT, null=True, blank=True, related_name="strays")
    code = models.CharField(max_length=120, blank=True, db_default="")
    items = models.JSONField(default=list, blank=True)
    note = models.CharField(max_length=500, blank=True, db_default="")
    received_at = models.DateTimeField()
    received_by = models.CharField(max_length=150)
    of = models.ForeignKey(
        Return, on_delete=models.PROTECT, null=True, blank=True, related_name="strays", help_text="What it was."
    )
    resolved_at = models.DateTimeField(null=True, blank=True)
    resolved_by = models.CharField(max_length=150, blank=True, db_default="")
    resolution = models.CharField(max_length=255, blank=True, db_default="")
    recorded_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(resolved_at=None, resolved_by="", of=None)
                | Q(resolved_at__isnull=False) & ~Q(resolved_by=""),
                name="stray_parcel_resolved_by_somebody",
            ),
        ]
        indexes = [models.Index(fields=["received_at"], condition=Q(resolved_at=None), name="stray_parcel_open")]

    def __str__(self) -> str:
        return self.code or f"Parcel {self.pk}"
