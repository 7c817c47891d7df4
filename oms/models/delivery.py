"""What is still to be told: one row for each event and each reaction that runs after the commit."""

from datetime import datetime

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from oms.models.event_record import EventRecord


class DeliveryQuerySet(models.QuerySet["Delivery"]):
    def due(self, at: datetime) -> "DeliveryQuerySet":
        """Waiting, its moment has come, and nobody holds it on a lease."""
        free = Q(leased_until=None) | Q(leased_until__lt=at)
        return self.filter(free, state=Delivery.State.WAITING, run_after__lte=at)

    def dead(self) -> "DeliveryQuerySet":
        return self.filter(state=Delivery.State.DEAD)


class Delivery(models.Model):
    """An event on its way to one reaction: retried with backoff, then a dead letter that staff can send again."""

    class State(models.TextChoices):
        WAITING = "WAITING", "waiting"
        DONE = "DONE", "done"
        DEAD = "DEAD", "dead letter"

    event = models.ForeignKey(EventRecord, on_delete=models.PROTECT, related_name="deliveries")
    reaction = models.CharField(max_length=120)
    state = models.CharField(max_length=10, choices=State, db_default=State.WAITING)
    attempts = models.PositiveIntegerField(db_default=0)
    run_after = models.DateTimeField(db_default=Now())
    leased_until = models.DateTimeField(null=True, blank=True)
    last_error = models.TextField(db_default="", blank=True)
    done_at = models.DateTimeField(null=True, blank=True)

    objects = DeliveryQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "deliveries"
        permissions = [("retry_delivery", "Can send dead letters again")]
        constraints = [
            models.UniqueConstraint(fields=["event", "reaction"], name="delivered_once_to_each"),
            models.CheckConstraint(
                condition=Q(state="DONE", done_at__isnull=False) | ~Q(state="DONE") & Q(done_at=None),
                name="delivery_done_has_its_moment",
            ),
        ]
        indexes = [
            models.Index(fields=["run_after", "id"], condition=Q(state="WAITING"), name="delivery_waiting"),
            models.Index(fields=["-id"], condition=Q(state="DEAD"), name="delivery_dead"),
        ]

    def __str__(self) -> str:
        return f"{self.reaction} ← {self.event_id}"
