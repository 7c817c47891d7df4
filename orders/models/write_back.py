"""One message to another system: the order has changed, or a parcel of it has left."""

import uuid
from datetime import datetime, timedelta

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from orders.models.edit import Edit
from orders.models.order import Order
from orders.models.shipment import Shipment
from orders.models.write_back_target import WriteBackTarget

ONE_MINUTE = timedelta(minutes=1)


class WriteBackQuerySet(models.QuerySet["WriteBack"]):
    def underway(self) -> "WriteBackQuerySet":
        """Still to be sent, or sent and not answered."""
        return self.filter(state__in=WriteBack.UNDERWAY)

    def unanswered(self, at: datetime) -> "WriteBackQuerySet":
        """Not acknowledged within the target's time, and nobody was told of it yet."""
        late = models.ExpressionWrapper(
            models.F("made_at") + models.F("target__acknowledge_within") * models.Value(ONE_MINUTE),
            output_field=models.DateTimeField(),
        )
        return self.filter(state__in=WriteBack.TROUBLED, alerted_at=None).alias(late=late).filter(late__lt=at)


class WriteBack(models.Model):
    """What one target must be told of one order, sent in the order of `sequence`, repeated until it is acknowledged.

    A newer message that says it all makes an older one that was not sent yet SUPERSEDED.
    """

    class State(models.TextChoices):
        WAITING = "WAITING", "waiting"
        SENT = "SENT", "sent, not acknowledged"
        ACKNOWLEDGED = "ACKNOWLEDGED", "acknowledged"
        MISMATCHED = "MISMATCHED", "the other side differs"
        FAILED = "FAILED", "given up"
        SUPERSEDED = "SUPERSEDED", "a newer one says it all"
        DISMISSED = "DISMISSED", "put aside"

    UNDERWAY = (State.WAITING, State.SENT)
    TROUBLED = (State.WAITING, State.SENT, State.MISMATCHED, State.FAILED)

    class Kind(models.TextChoices):
        EDIT = "EDIT", "edited"
        CANCEL = "CANCEL", "cancelled"
        HOLD = "HOLD", "held back"
        RELEASE = "RELEASE", "released"
        FULFILLMENT = "FULFILLMENT", "shipped"
        TRACKING = "TRACKING", "parcel news"
        CREDIT = "CREDIT", "store credit"

    OF_PARCELS = (Kind.FULFILLMENT, Kind.TRACKING)
    FOUND_AGAIN = (*OF_PARCELS, Kind.CREDIT)
    """Sent once more they find what was done; there is no copy of it to compare."""

    order = models.ForeignKey(Order, on_delete=models.CASCADE, related_name="write_backs")
    target = models.ForeignKey(WriteBackTarget, on_delete=models.PROTECT, related_name="messages")
    edit = models.ForeignKey(Edit, on_delete=models.SET_NULL, null=True, blank=True, related_name="write_backs")
    shipment = models.ForeignKey(
        Shipment, on_delete=models.CASCADE, null=True, blank=True, related_name="write_backs", db_index=False
    )
    kind = models.CharField(max_length=12, choices=Kind)
    sequence = models.PositiveIntegerField()
    key = models.UUIDField(unique=True, default=uuid.uuid4, editable=False, help_text="The idempotency key.")
    body = models.JSONField(help_text="The order as it should be on the other side, and what changed.")
    state = models.CharField(max_length=15, choices=State, default=State.WAITING)
    progress = models.JSONField(db_default={}, default=dict, help_text="What the other side has done of it so far.")
    differences = models.JSONField(db_default=[], default=list)
    external_id = models.CharField(max_length=255, blank=True, db_default="", help_text="The other side's own name.")
    attempts = models.PositiveIntegerField(db_default=0, default=0)
    lease = models.PositiveIntegerField(db_default=0, default=0, help_text="Counts leases: an old one records nothing.")
    run_after = models.DateTimeField()
    leased_until = models.DateTimeField(null=True, blank=True)
    last_error = models.TextField(blank=True, db_default="")
    made_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True, blank=True)
    acknowledged_at = models.DateTimeField(null=True, blank=True)
    alerted_at = models.DateTimeField(null=True, blank=True)
    settled_by = models.CharField(max_length=150, blank=True, db_default="", help_text="Who put it aside.")
    note = models.CharField(max_length=255, blank=True, db_default="", help_text="Why it was put aside.")
    recorded_at = models.DateTimeField(db_default=Now(), editable=False)

    objects = WriteBackQuerySet.as_manager()

    class Meta:
        ordering = ["-id"]
        permissions = [("settle_write_back", "Can send again, compare and dismiss write-backs")]
        constraints = [
            models.UniqueConstraint(fields=["order", "target", "sequence"], name="write_back_in_its_place"),
            models.UniqueConstraint(
                fields=["edit", "target", "kind"], condition=Q(edit__isnull=False), name="one_write_back_an_edit"
            ),
            models.UniqueConstraint(
                fields=["shipment", "target"],
                condition=Q(kind="FULFILLMENT") & ~Q(state="SUPERSEDED"),
                name="one_write_back_a_shipment",
            ),
            models.CheckConstraint(
                condition=Q(kind__in=["FULFILLMENT", "TRACKING"], shipment__isnull=False)
                | (~Q(kind__in=["FULFILLMENT", "TRACKING"]) & Q(shipment=None)),
                name="write_back_of_a_parcel_names_it",
            ),
            models.CheckConstraint(
                condition=~Q(state="ACKNOWLEDGED") | Q(acknowledged_at__isnull=False),
                name="write_back_acknowledged_has_its_moment",
            ),
        ]
        indexes = [
            models.Index(
                fields=["target", "run_after"], condition=Q(state__in=["WAITING", "SENT"]), name="write_back_due_there"
            ),
            models.Index(
                fields=["target", "-acknowledged_at"], condition=Q(state="ACKNOWLEDGED"), name="write_back_lag"
            ),
            models.Index(fields=["state", "-id"], name="write_back_by_state"),
            models.Index(fields=["order", "target"], condition=Q(kind="HOLD"), name="write_back_holds"),
            models.Index(
                fields=["made_at"],
                condition=Q(state__in=["WAITING", "SENT", "MISMATCHED", "FAILED"], alerted_at=None),
                name="write_back_unanswered",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} of {self.order_id} to {self.target_id}"
