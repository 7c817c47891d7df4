"""A message that could not be taken: kept whole, with its reason, until somebody mends the cause."""

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from oms.models import Channel
from orders.models.order import Order


class QuarantinedMessageQuerySet(models.QuerySet["QuarantinedMessage"]):
    def open(self) -> "QuarantinedMessageQuerySet":
        return self.filter(state=QuarantinedMessage.State.OPEN)


class QuarantinedMessage(models.Model):
    """One message as it came, byte for byte. The same message again counts up `seen`, it makes no second row."""

    class State(models.TextChoices):
        OPEN = "OPEN", "open"
        TAKEN = "TAKEN", "taken after all"
        DISMISSED = "DISMISSED", "dismissed"

    channel = models.ForeignKey(Channel, on_delete=models.PROTECT, related_name="+")
    format = models.CharField(max_length=20, help_text="Which mapping reads it: shopify, woocommerce, …")
    topic = models.CharField(max_length=80, blank=True, db_default="")
    source = models.CharField(max_length=255, blank=True, db_default="", help_text="Webhook, or file and line.")
    body = models.BinaryField()
    digest = models.CharField(max_length=64, help_text="SHA-256 of the body.")
    external_id = models.CharField(max_length=100, blank=True, db_default="")
    reason = models.CharField(max_length=60, help_text="Stable code.")
    detail = models.TextField(help_text="What is wrong and what to do, in plain words.")
    facts = models.JSONField(db_default={}, default=dict, blank=True)
    state = models.CharField(max_length=10, choices=State, db_default=State.OPEN)
    seen = models.PositiveIntegerField(db_default=1)
    attempts = models.PositiveIntegerField(db_default=1)
    received_at = models.DateTimeField(db_default=Now())
    last_tried_at = models.DateTimeField(db_default=Now())
    settled_at = models.DateTimeField(null=True, blank=True)
    note = models.CharField(max_length=255, blank=True, db_default="")
    settled_by = models.CharField(max_length=150, blank=True, db_default="")
    order = models.ForeignKey(Order, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")

    objects = QuarantinedMessageQuerySet.as_manager()

    class Meta:
        permissions = [("settle_quarantine", "Can retry and dismiss quarantined messages")]
        constraints = [
            models.UniqueConstraint(fields=["channel", "digest"], condition=Q(state="OPEN"), name="quarantined_once"),
        ]
        indexes = [
            models.Index(fields=["reason", "-id"], condition=Q(state="OPEN"), name="quarantine_by_reason"),
            models.Index(fields=["channel", "external_id"], name="quarantine_by_order"),
        ]

    def __str__(self) -> str:
        return f"{self.reason} ({self.channel_id})"
