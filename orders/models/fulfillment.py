"""What one warehouse is asked to send of one order: Shopify's fulfillment order."""

from datetime import datetime

import pgtrigger
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from inventory.models import Warehouse
from orders.absences import FulfillmentNotFound
from orders.errors import FulfillmentOnHold, FulfillmentScheduled
from orders.lifecycle import FULFILLMENT_TRANSITIONS
from orders.models.address import Address
from orders.models.carrier_service import CarrierService
from orders.models.order import Order


class FulfillmentQuerySet(models.QuerySet["Fulfillment"]):
    def live(self) -> "FulfillmentQuerySet":
        """Work that is still to be done, or being done."""
        return self.filter(status__in=Fulfillment.LIVE)

    def locked(self, number: str) -> "Fulfillment":
        """The fulfillment, locked. Its order's lock comes first.

        Raises:
            FulfillmentNotFound.
        """
        found = self.select_for_update(of=("self",), no_key=True).filter(number=number).first()
        if found is None:
            raise FulfillmentNotFound(number)
        return found


class Fulfillment(models.Model):
    """Lines of one order that one warehouse sends. `status` is the work, `request_status` what was agreed about it.

    Our own warehouses accept what they are asked; a partner may reject. Once accepted the goods are in somebody's
    hands: what is to change then has to be asked for (`cancellation requested`).
    """

    class Status(models.TextChoices):
        """Shopify's words."""

        OPEN = "OPEN", "open"
        SCHEDULED = "SCHEDULED", "scheduled"
        ON_HOLD = "ON_HOLD", "on hold"
        IN_PROGRESS = "IN_PROGRESS", "in progress"
        INCOMPLETE = "INCOMPLETE", "incomplete"
        CLOSED = "CLOSED", "closed"
        CANCELLED = "CANCELLED", "cancelled"

    class RequestStatus(models.TextChoices):
        """Shopify's words."""

        UNSUBMITTED = "UNSUBMITTED", "not asked yet"
        SUBMITTED = "SUBMITTED", "asked"
        ACCEPTED = "ACCEPTED", "accepted"
        REJECTED = "REJECTED", "rejected"
        CANCELLATION_REQUESTED = "CANCELLATION_REQUESTED", "cancellation requested"
        CANCELLATION_ACCEPTED = "CANCELLATION_ACCEPTED", "cancellation accepted"
        CANCELLATION_REJECTED = "CANCELLATION_REJECTED", "cancellation rejected"

    class HoldReason(models.TextChoices):
        """Shopify's words."""

        AWAITING_PAYMENT = "AWAITING_PAYMENT", "a payment is awaited"
        AWAITING_RETURN_ITEMS = "AWAITING_RETURN_ITEMS", "goods that come back are awaited"
        HIGH_RISK_OF_FRAUD = "HIGH_RISK_OF_FRAUD", "high risk of fraud"
        INCORRECT_ADDRESS = "INCORRECT_ADDRESS", "the address is not right"
        INVENTORY_OUT_OF_STOCK = "INVENTORY_OUT_OF_STOCK", "out of stock"
        UNKNOWN_DELIVERY_DATE = "UNKNOWN_DELIVERY_DATE", "the day of delivery is not known"
        OTHER = "OTHER", "something else"

    LIVE = (Status.OPEN, Status.SCHEDULED, Status.ON_HOLD, Status.IN_PROGRESS)
    IN_HAND = (RequestStatus.ACCEPTED, RequestStatus.CANCELLATION_REQUESTED, RequestStatus.CANCELLATION_REJECTED)
    """The warehouse works on it."""
    OPENING = ("status", "request_status", "requested_at")
    """The columns that `open` changes."""

    number = models.CharField(max_length=30, unique=True)
    order = models.ForeignKey(Order, on_delete=models.PROTECT, related_name="fulfillments")
    warehouse = models.ForeignKey(Warehouse, on_delete=models.PROTECT, related_name="fulfillments", db_index=False)
    sequence = models.PositiveIntegerField()
    status = models.CharField(max_length=12, choices=Status, db_default=Status.OPEN)
    request_status = models.CharField(max_length=25, choices=RequestStatus, db_default=RequestStatus.UNSUBMITTED)
    address = models.ForeignKey(Address, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    service = models.ForeignKey(CarrierService, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    weight_grams = models.PositiveIntegerField(null=True, blank=True, help_text="What it should weigh.")
    ship_by = models.DateTimeField(null=True, blank=True, help_text="The cut-off it was routed for.")
    deliver_by = models.DateTimeField(null=True, blank=True, help_text="When the customer should have it.")
    fulfill_at = models.DateTimeField(null=True, blank=True, help_text="Nobody begins it before.")
    held_at = models.DateTimeField(null=True, blank=True)
    held_by = models.CharField(max_length=150, blank=True, db_default="")
    hold_reason = models.CharField(max_length=30, choices=HoldReason, blank=True, db_default="")
    hold_note = models.CharField(max_length=255, blank=True, db_default="")
    made_at = models.DateTimeField()
    requested_at = models.DateTimeField(null=True, blank=True)
    accepted_at = models.DateTimeField(null=True, blank=True)
    accepted_by = models.CharField(max_length=150, blank=True, db_default="")
    picked_at = models.DateTimeField(null=True, blank=True)
    picked_by = models.CharField(max_length=150, blank=True, db_default="")
    closed_at = models.DateTimeField(null=True, blank=True)
    reason = models.CharField(max_length=40, blank=True, db_default="", help_text="Why it ended, as a code.")
    note = models.CharField(max_length=255, blank=True, db_default="")
    hands = models.PositiveSmallIntegerField(
        db_default=0, default=0, help_text="How often somebody had to step in, beyond picking and packing."
    )
    version = models.PositiveIntegerField(db_default=1, default=1)
    recorded_at = models.DateTimeField(db_default=Now(), editable=False)

    objects = FulfillmentQuerySet.as_manager()

    class Meta:
        ordering = ["-id"]
        permissions = [
            ("work_fulfillment", "Can accept, pick, pack and ship"),
            ("reject_fulfillment", "Can reject fulfillments and answer cancellation requests"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["order", "sequence"], name="fulfillment_in_its_place"),
            models.CheckConstraint(
                condition=~Q(request_status__in=["ACCEPTED", "CANCELLATION_REQUESTED", "CANCELLATION_REJECTED"])
                | Q(accepted_at__isnull=False),
                name="fulfillment_accepted_has_its_moment",
            ),
            models.CheckConstraint(
                condition=Q(status__in=["CLOSED", "CANCELLED", "INCOMPLETE"], closed_at__isnull=False)
                | Q(status__in=["OPEN", "SCHEDULED", "ON_HOLD", "IN_PROGRESS"], closed_at=None),
                name="fulfillment_closed_has_its_moment",
            ),
            models.CheckConstraint(
                condition=~Q(status="SCHEDULED") | Q(fulfill_at__isnull=False),
                name="fulfillment_scheduled_has_its_moment",
            ),
            models.CheckConstraint(
                condition=~Q(status="ON_HOLD") | Q(held_at__isnull=False) & ~Q(hold_reason=""),
                name="fulfillment_held_says_why",
            ),
        ]
        indexes = [
            models.Index(
                fields=["warehouse", "ship_by", "id"],
                condition=Q(status__in=["OPEN", "SCHEDULED", "ON_HOLD", "IN_PROGRESS"]),
                name="fulfillment_to_do",
            ),
            models.Index(
                fields=["ship_by", "id"],
                condition=Q(status__in=["OPEN", "SCHEDULED", "ON_HOLD", "IN_PROGRESS"]),
                name="fulfillment_due",
            ),
            models.Index(fields=["fulfill_at"], condition=Q(status="SCHEDULED"), name="fulfillment_to_open"),
            models.Index(fields=["warehouse", "-id"], name="fulfillment_by_warehouse"),
            models.Index(fields=["status", "-id"], name="fulfillment_by_status"),
            models.Index(fields=["made_at"], name="fulfillment_by_day"),
            models.Index(fields=["ship_by"], condition=~Q(status="CANCELLED"), name="fulfillment_by_van"),
            models.Index(fields=["order"], condition=Q(request_status="REJECTED"), name="fulfillment_rejected"),
            models.Index(fields=["order"], condition=Q(hands__gt=0), name="fulfillment_by_hand"),
        ]
        triggers = [
            pgtrigger.FSM(
                name="status_follows_lifecycle",
                field="status",
                transitions=[(start, end) for start, ends in FULFILLMENT_TRANSITIONS.items() for end in ends],
            ),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def is_in_hand(self) -> bool:
        """The warehouse has accepted it and works on it."""
        return self.request_status in self.IN_HAND and self.status in self.LIVE

    def refuse_on_hold(self) -> None:
        """
        Raises:
            FulfillmentOnHold
        """
        if self.status == self.Status.ON_HOLD:
            raise FulfillmentOnHold(self.number, self.hold_reason, self.hold_note)

    def refuse_waiting(self, *, at: datetime) -> None:
        """What is due by now may be begun, though nobody has opened it yet.

        Raises:
            FulfillmentOnHold, FulfillmentScheduled.
        """
        self.refuse_on_hold()
        if self.status == self.Status.SCHEDULED and (self.fulfill_at is None or self.fulfill_at > at):
            raise FulfillmentScheduled(self.number, self.fulfill_at)

    def open(self, *, at: datetime) -> None:
        """The warehouse is asked for it, or again."""
        self.status = self.Status.OPEN
        if self.request_status == self.RequestStatus.UNSUBMITTED:
            self.request_status, self.requested_at = self.RequestStatus.SUBMITTED, at
