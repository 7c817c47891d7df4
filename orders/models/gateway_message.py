"""What a gateway told us."""

from django.db import models
from django.db.models.functions import Now


class GatewayMessage(models.Model):
    """One signed message, kept so that the same one told again changes nothing."""

    gateway = models.CharField(max_length=60)
    external_id = models.CharField(max_length=255)
    type = models.CharField(max_length=120)
    outcome = models.CharField(max_length=255, blank=True, db_default="", help_text="What it came to.")
    received_at = models.DateTimeField(db_default=Now())

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(fields=["gateway", "external_id"], name="gateway_message_taken_once"),
        ]

    def __str__(self) -> str:
        return f"{self.gateway} {self.type}"
