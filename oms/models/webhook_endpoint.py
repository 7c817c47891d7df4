"""An address of a partner that is told of events (Standard Webhooks 1.0)."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from oms.encryption import EncryptedTextField


class WebhookEndpointQuerySet(models.QuerySet["WebhookEndpoint"]):
    def standing(self) -> "WebhookEndpointQuerySet":
        """Not removed."""
        return self.filter(removed_at=None)

    def told(self) -> "WebhookEndpointQuerySet":
        """Those that are switched on."""
        return self.filter(active=True)

    def troubled(self) -> "WebhookEndpointQuerySet":
        """Switched off by the system, or failing now."""
        given_up = ~Q(switched_off_because=WebhookEndpoint.Because.ASKED) & Q(active=False)
        return self.standing().filter(given_up | Q(active=True, failing_since__isnull=False))


class WebhookEndpoint(models.Model):
    """Who is told of what. `read_turn` and `read_id` are its place in the log of events: all up to there is queued.

    Its row is the lock of its queue: whoever queues, records or switches takes it first.
    """

    class Because(models.TextChoices):
        ASKED = "ASKED", "somebody switched it off"
        GONE = "GONE", "it answered 410 Gone"
        FAILING = "FAILING", "nothing but failures for five days"

    url = models.CharField(max_length=500)
    description = models.CharField(max_length=200, blank=True, default="")
    types = ArrayField(models.CharField(max_length=60), help_text="order.placed, order.*, or * for everything.")
    channels = ArrayField(models.CharField(max_length=40), default=list, blank=True, help_text="Empty: all channels.")
    warehouses = ArrayField(
        models.CharField(max_length=40), default=list, blank=True, help_text="Empty: all warehouses."
    )
    secret = EncryptedTextField()
    previous_secret = EncryptedTextField(blank=True, default="")
    previous_secret_until = models.DateTimeField(null=True, blank=True)
    active = models.BooleanField(default=True)
    switched_off_at = models.DateTimeField(null=True, blank=True)
    switched_off_because = models.CharField(max_length=10, choices=Because, blank=True, default="")
    failing_since = models.DateTimeField(null=True, blank=True, help_text="The first of nothing but failures.")
    resting_until = models.DateTimeField(null=True, blank=True, help_text="It asked to be left alone until then.")
    slow = models.BooleanField(default=False, help_text="Its last answer took seconds.")
    read_turn = models.BigIntegerField()
    read_id = models.BigIntegerField()
    version = models.PositiveIntegerField(default=1)
    created_by = models.CharField(max_length=150)
    created_at = models.DateTimeField(db_default=Now())
    removed_at = models.DateTimeField(null=True, blank=True)

    objects = WebhookEndpointQuerySet.as_manager()

    class Meta:
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(condition=~Q(types=[]), name="webhook_endpoint_wants_something"),
            models.CheckConstraint(
                condition=Q(active=True, switched_off_at=None, switched_off_because="")
                | Q(active=False, switched_off_at__isnull=False) & ~Q(switched_off_because=""),
                name="webhook_endpoint_off_says_why",
            ),
            models.CheckConstraint(
                condition=Q(removed_at=None) | Q(active=False), name="webhook_endpoint_removed_is_off"
            ),
        ]

    def __str__(self) -> str:
        return self.description or self.url
