"""Somebody is asked to pay."""

import uuid

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from oms.fields import AmountField
from orders.models.edit import Edit
from orders.models.order import Order
from orders.models.payment import Payment


class Checkout(models.Model):
    """A request for money through a gateway, on the gateway's own page. `key` was written before the gateway was asked.

    It only ever leads to a Payment; what the gateway says later, twice or out of order changes nothing twice.
    `closing`: we gave it up, and the gateway is still to be told, so that nobody pays there.
    """

    class State(models.TextChoices):
        REQUESTED = "REQUESTED", "the gateway has not answered yet"
        OPEN = "OPEN", "waits for the customer"
        PAID = "PAID", "paid"
        EXPIRED = "EXPIRED", "ran out"
        CANCELED = "CANCELED", "not needed any more"
        FAILED = "FAILED", "the gateway refused"

    LIVE = (State.REQUESTED, State.OPEN)

    order = models.ForeignKey(Order, on_delete=models.CASCADE, related_name="checkouts")
    edit = models.ForeignKey(Edit, on_delete=models.CASCADE, null=True, blank=True, related_name="checkouts")
    payment = models.OneToOneField(
        Payment, on_delete=models.PROTECT, null=True, blank=True, related_name="checkout", help_text="What came of it."
    )
    gateway = models.CharField(max_length=60)
    key = models.UUIDField(unique=True, default=uuid.uuid4, editable=False, help_text="The idempotency key.")
    state = models.CharField(max_length=12, choices=State, default=State.REQUESTED)
    amount = AmountField()
    currency = models.CharField(max_length=3)
    reference = models.CharField(max_length=255, blank=True, db_default="", help_text="The gateway's own id.")
    url = models.TextField(blank=True, db_default="", help_text="Where the customer pays.")
    expires_at = models.DateTimeField()
    doubtful = models.BooleanField(
        db_default=False, default=False, help_text="The gateway was asked to open it, and its answer is not on record."
    )
    closing = models.BooleanField(db_default=False, default=False, help_text="The gateway is to be told it is over.")
    attempts = models.PositiveIntegerField(db_default=0, default=0)
    run_after = models.DateTimeField(help_text="When the gateway is asked (again).")
    leased_until = models.DateTimeField(null=True, blank=True)
    last_error = models.TextField(blank=True, db_default="")
    asked_at = models.DateTimeField()
    asked_by = models.CharField(max_length=150)
    closed_at = models.DateTimeField(null=True, blank=True)
    recorded_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(condition=Q(amount__gt=0), name="checkout_asks_for_something"),
            models.UniqueConstraint(
                fields=["gateway", "reference"], condition=~Q(reference=""), name="checkout_known_once"
            ),
            models.UniqueConstraint(
                fields=["edit"], condition=Q(state__in=["REQUESTED", "OPEN"]), name="one_open_checkout_an_edit"
            ),
        ]
        indexes = [
            models.Index(
                fields=["run_after"],
                condition=Q(state__in=["REQUESTED", "OPEN"]) | Q(closing=True),
                name="checkout_due",
            ),
            models.Index(
                fields=["expires_at"], condition=Q(state__in=["REQUESTED", "OPEN"]), name="checkout_running_out"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.amount} {self.currency} {self.state}"
