"""A picture of what comes back, by whoever saw it."""

import uuid

from django.db import models
from django.db.models.functions import Now

from returns.models.return_ import Return
from returns.models.return_item import ReturnItem


class ReturnPhoto(models.Model):
    """Drawn anew from what was sent: a JPEG of at most 1,600 pixels a side, with nothing in it but the picture."""

    key = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    of = models.ForeignKey(Return, on_delete=models.CASCADE, null=True, blank=True, related_name="photos")
    item = models.ForeignKey(ReturnItem, on_delete=models.SET_NULL, null=True, blank=True, related_name="photos")
    draft = models.CharField(max_length=64, blank=True, db_default="", help_text="Sent before the return was.")
    content = models.BinaryField()
    width = models.PositiveIntegerField()
    height = models.PositiveIntegerField()
    digest = models.CharField(max_length=64, help_text="SHA-256 of what was sent: the same picture twice shows.")
    by = models.CharField(max_length=150)
    at = models.DateTimeField()
    recorded_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        ordering = ["id"]
        indexes = [models.Index(fields=["digest"], name="return_photo_by_digest")]

    def __str__(self) -> str:
        return f"{self.width} × {self.height}"
