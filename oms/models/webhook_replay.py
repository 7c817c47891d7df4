"""A span of the past that one address is sent once more."""

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from oms.models.webhook_endpoint import WebhookEndpoint


class WebhookReplay(models.Model):
    """Worked off in pieces: `next_id` is the first event that was not looked at yet, `last_id` the last one to be."""

    endpoint = models.ForeignKey(WebhookEndpoint, on_delete=models.PROTECT, related_name="replays")
    since = models.DateTimeField(help_text="Events recorded from then on …")
    until = models.DateTimeField(help_text="… and before then.")
    first_id = models.BigIntegerField()
    next_id = models.BigIntegerField()
    last_id = models.BigIntegerField()
    queued = models.PositiveIntegerField(default=0, help_text="Messages on their way again because of it.")
    by = models.CharField(max_length=150)
    made_at = models.DateTimeField(db_default=Now())
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [models.Index(fields=["id"], condition=Q(ended_at=None), name="webhook_replay_open")]

    def __str__(self) -> str:
        return f"{self.since:%d %b %H:%M} to {self.until:%d %b %H:%M}"

    @property
    def share(self) -> int:
        """Per cent of the events looked at."""
        if self.ended_at:
            return 100
        return min(99, (self.next_id - self.first_id) * 100 // max(1, self.last_id - self.first_id + 1))
