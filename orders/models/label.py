"""A label that was bought, or is to be."""

import uuid

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from oms.fields import AmountField
from orders.models.carrier_account import CarrierAccount
from orders.models.fulfillment import Fulfillment
from orders.models.order import Order


class Label(models.Model):
    """One label for one parcel: a fulfillment's, or one that comes back. `key` was written before the carrier was
    asked; it is bought once.

    WANTED waits for the carrier; VOIDING is to be given back. `doubtful`: the carrier was asked and its answer is not
    on record, so it is asked what became of `key` before anything else. `parcel` and `ship_to` are what was asked for,
    `rates` what there was to choose from: [{"account", "service", "name", "cost", "currency", "days", "express",
    "chosen", "why_not"}]. Without an account its carriers are still to be asked what they want for it.

    `rma` names the return whose goods come back under it, from the customer of `order` to a warehouse.
    """

    class State(models.TextChoices):
        WANTED = "WANTED", "to be bought"
        BOUGHT = "BOUGHT", "bought"
        VOIDING = "VOIDING", "to be voided"
        VOIDED = "VOIDED", "voided"
        REFUSED = "REFUSED", "the carrier refused"
        UNRETURNED = "UNRETURNED", "paid for, and not taken back"
        WITHDRAWN = "WITHDRAWN", "not wanted any more"

    LIVE = (State.WANTED, State.BOUGHT)

    fulfillment = models.ForeignKey(Fulfillment, on_delete=models.PROTECT, null=True, blank=True, related_name="labels")
    order = models.ForeignKey(
        Order,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="labels_back",
        db_index=False,
        help_text="Of a return.",
    )
    rma = models.CharField(max_length=40, blank=True, db_default="", default="", help_text="A return's number.")
    key = models.UUIDField(unique=True, default=uuid.uuid4, editable=False, help_text="The idempotency key.")
    state = models.CharField(max_length=10, choices=State, db_default=State.WANTED, default=State.WANTED)
    account = models.ForeignKey(CarrierAccount, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    service = models.CharField(max_length=60, blank=True, db_default="", help_text="The carrier's own code.")
    service_name = models.CharField(max_length=120, blank=True, db_default="")
    parcel = models.JSONField(default=dict, help_text="Weight in grams, measures in millimetres.")
    ship_from = models.JSONField(default=dict)
    ship_to = models.JSONField(default=dict)
    customs = models.JSONField(default=dict, help_text="What crosses a border: items with HS code, origin, value.")
    rates = models.JSONField(default=list)
    cost = AmountField(null=True, blank=True)
    currency = models.CharField(max_length=3, blank=True, db_default="")
    days = models.PositiveSmallIntegerField(null=True, blank=True)
    reference = models.CharField(max_length=255, blank=True, db_default="", help_text="The carrier's own id.")
    tracking_number = models.CharField(max_length=60, blank=True, db_default="")
    tracking_url = models.URLField(max_length=500, blank=True, default="", db_default="")
    doubtful = models.BooleanField(db_default=False, default=False)
    attempts = models.PositiveIntegerField(db_default=0, default=0)
    lease = models.PositiveIntegerField(db_default=0, default=0, help_text="Counts leases: an old one records nothing.")
    run_after = models.DateTimeField()
    leased_until = models.DateTimeField(null=True, blank=True)
    last_error = models.TextField(blank=True, db_default="")
    reason = models.CharField(max_length=255, blank=True, db_default="", help_text="Why it is given back.")
    wanted_at = models.DateTimeField()
    wanted_by = models.CharField(max_length=150)
    bought_at = models.DateTimeField(null=True, blank=True)
    voided_at = models.DateTimeField(null=True, blank=True)
    tracked_at = models.DateTimeField(null=True, blank=True, help_text="When the carrier was last asked where it is.")
    recorded_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        ordering = ["-id"]
        permissions = [("buy_label", "Can buy and void labels")]
        constraints = [
            models.UniqueConstraint(
                fields=["fulfillment"], condition=Q(state__in=["WANTED", "BOUGHT"]), name="one_live_label"
            ),
            models.UniqueConstraint(
                fields=["rma"],
                condition=Q(state__in=["WANTED", "BOUGHT"]) & ~Q(rma=""),
                name="one_live_label_back",
            ),
            models.CheckConstraint(
                condition=Q(fulfillment__isnull=False, order=None, rma="")
                | Q(fulfillment=None, order__isnull=False) & ~Q(rma=""),
                name="label_goes_or_comes_back",
            ),
            models.UniqueConstraint(
                fields=["account", "reference"], condition=~Q(reference=""), name="label_bought_once"
            ),
            models.CheckConstraint(
                condition=~Q(state="BOUGHT") | Q(bought_at__isnull=False, cost__isnull=False) & ~Q(tracking_number=""),
                name="label_bought_has_its_number",
            ),
            models.CheckConstraint(
                condition=Q(state="VOIDED", voided_at__isnull=False) | ~Q(state="VOIDED") & Q(voided_at=None),
                name="label_voided_has_its_moment",
            ),
        ]
        indexes = [
            models.Index(fields=["run_after"], condition=Q(state__in=["WANTED", "VOIDING"]), name="label_due"),
            models.Index(fields=["tracking_number"], condition=~Q(tracking_number=""), name="label_by_tracking"),
            models.Index(fields=["state", "-id"], name="label_by_state"),
            models.Index(fields=["rma"], condition=~Q(rma=""), name="label_by_return"),
            models.Index(fields=["tracked_at"], condition=Q(state="BOUGHT") & ~Q(reference=""), name="label_to_track"),
        ]

    def __str__(self) -> str:
        return self.tracking_number or f"{self.state} for {self.rma or self.fulfillment_id}"

    @property
    def number(self) -> str:
        """What people call its parcel: the fulfillment's number, or the return's."""
        return self.rma or (self.fulfillment.number if self.fulfillment else "")

    @property
    def its_order(self) -> Order:
        """The order whose goods travel under it."""
        found = self.fulfillment.order if self.fulfillment else self.order
        assert found is not None, "label_goes_or_comes_back"
        return found
