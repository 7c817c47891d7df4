"""One event on its way to one partner's address."""

from django.contrib.postgres.indexes import BrinIndex
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from oms.models.event_record import EventRecord
from oms.models.webhook_endpoint import WebhookEndpoint


class WebhookDelivery(models.Model):
    """Sent until it is taken, or given up. The next event of its subject waits for it.

    Its message is built when it is sent; `message_id` is the same however often that is. `lease` counts who holds it:
    an answer that comes after its lease was given to somebody else records nothing.
    """

    class State(models.TextChoices):
        WAITING = "WAITING", "waiting"
        DELIVERED = "DELIVERED", "delivered"
        FAILED = "FAILED", "given up"

    endpoint = models.ForeignKey(WebhookEndpoint, on_delete=models.PROTECT, related_name="deliveries", db_index=False)
    event = models.ForeignKey(EventRecord, on_delete=models.PROTECT, related_name="+")
    message_id = models.CharField(max_length=40)
    type = models.CharField(max_length=60)
    subject_kind = models.CharField(max_length=30)
    subject = models.CharField(max_length=100)
    sequence = models.PositiveIntegerField()
    state = models.CharField(max_length=10, choices=State, db_default=State.WAITING)
    attempts = models.PositiveIntegerField(db_default=0)
    run_after = models.DateTimeField()
    lease = models.PositiveIntegerField(db_default=0)
    leased_until = models.DateTimeField(null=True, blank=True)
    made_at = models.DateTimeField(db_default=Now())
    tried_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    status = models.PositiveSmallIntegerField(null=True, blank=True, help_text="Of the last answer; none: none came.")
    milliseconds = models.PositiveIntegerField(null=True, blank=True)
    error = models.CharField(max_length=500, db_default="", blank=True)
    excerpt = models.TextField(db_default="", blank=True, help_text="The start of the last answer's body.")

    class Meta:
        verbose_name = "webhook delivery"
        verbose_name_plural = "webhook deliveries"
        permissions = [("replay_webhookdelivery", "Can send webhooks again")]
        constraints = [
            models.UniqueConstraint(fields=["endpoint", "event"], name="webhook_sent_once_to_each"),
            models.CheckConstraint(
                condition=Q(state="WAITING", ended_at=None) | ~Q(state="WAITING") & Q(ended_at__isnull=False),
                name="webhook_ended_has_its_moment",
            ),
        ]
        indexes = [
            models.Index(fields=["endpoint", "run_after", "id"], condition=Q(state="WAITING"), name="webhook_waiting"),
            models.Index(
                fields=["endpoint", "subject_kind", "subject", "sequence"],
                condition=Q(state="WAITING"),
                name="webhook_in_its_order",
            ),
            models.Index(fields=["endpoint"], condition=Q(leased_until__isnull=False), name="webhook_underway"),
            models.Index(fields=["endpoint", "-id"], name="webhook_newest"),
            models.Index(fields=["state", "-id"], name="webhook_by_state"),
            models.Index(fields=["type", "-id"], name="webhook_by_type"),
            BrinIndex(fields=["made_at"], autosummarize=True, name="webhook_by_day"),
            models.Index(fields=["message_id"], name="webhook_by_message"),
            models.Index(fields=["subject"], name="webhook_by_subject"),
            models.Index(fields=["ended_at"], condition=Q(ended_at__isnull=False), name="webhook_age"),
        ]

    def __str__(self) -> str:
        return f"{self.type} {self.subject}"
