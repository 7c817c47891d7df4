"""How one hour went with one partner's address."""

from django.db import models

from oms.models.webhook_endpoint import WebhookEndpoint


class WebhookHour(models.Model):
    """Attempts of one hour, counted where they are recorded: no plot has to look through the deliveries."""

    endpoint = models.ForeignKey(WebhookEndpoint, on_delete=models.PROTECT, related_name="hours", db_index=False)
    hour = models.DateTimeField()
    delivered = models.PositiveIntegerField(default=0)
    failed = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["endpoint", "hour"], name="webhook_hour_counted_once")]
        indexes = [models.Index(fields=["hour"], name="webhook_hour_age")]

    def __str__(self) -> str:
        return f"{self.hour:%d %b %H:00}: {self.delivered} delivered, {self.failed} failed"
